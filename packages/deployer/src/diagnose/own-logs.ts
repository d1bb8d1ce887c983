import type { Evidence } from './evidence.ts'
import { ofThisOperation, timeOf } from './this-operation.ts'

type Log = Evidence['logs'][number]

/** What of the instances' logs the operation wrote. */
export interface OwnLogs {
  logs: Log[]
  /** What its containers printed, one list each; the one that tells most is the last. */
  outputs: string[][]
  /** There is output, and nothing tells whose it is: an older release's is no evidence. */
  outputUnknown: boolean
}

interface Container {
  id: string
  startedAt: number | undefined
  /** Where in the log it ended by itself or was ended. */
  diedAt: number | undefined
}

interface Output {
  lines: string[]
  container: Container | undefined
}

/** One file a container; the name has the first digits of its id (facts sheet §1.8). */
const OUTPUT = /eb-([0-9a-f]+)-stdouterr\.log$/
const ANY_OUTPUT = /stdouterr\.log$/
const DOCKER_EVENTS = /docker-events\.log$/
const DOCKER_EVENT = /\bcontainer (create|start|die) ([0-9a-f]{6,64})\b/
/** Lines of each log that instances deliver at most: a shorter log is whole. */
const TAIL_LINES = 100

/**
 * Only what the operation's own containers printed counts, and lines of the platform's logs since it began. An instance that it launched wrote
 * all of its logs in it; on one that was there before, Docker's events tell which containers it started.
 */
export function ownLogs({ logs, since, fleet }: Pick<Evidence, 'logs' | 'since' | 'fleet'>): OwnLogs {
  const begun = since?.getTime() ?? -Infinity
  const launched = new Set(
    fleet?.filter(({ launchedAt }) => launchedAt && launchedAt.getTime() >= begun).map(({ id }) => id),
  )
  const isWhole = ({ instanceId }: Log) => !since || launched.has(instanceId)
  const containers = new Map<string, Container[]>()
  for (const log of logs.filter(({ path }) => DOCKER_EVENTS.test(path)))
    containers.set(log.instanceId, containersOf(log.lines, since ?? new Date(0)))
  const own = ({ instanceId }: Log) =>
    (containers.get(instanceId) ?? []).filter(({ startedAt }) => (startedAt ?? -Infinity) >= begun)

  const outputs: Output[] = []
  let outputUnknown = false
  for (const log of logs.filter(({ path }) => ANY_OUTPUT.test(path))) {
    const id = OUTPUT.exec(log.path)?.[1]
    const container = containers.get(log.instanceId)?.find((one) => isSame(one.id, id))
    if (isWhole(log) || (container && own(log).includes(container)) || isNew(log, container, since))
      outputs.push({ lines: log.lines, container })
    else if (own(log).length === 0 && container?.startedAt === undefined && log.lines.some(isText))
      outputUnknown = true
  }
  return {
    logs: logs
      .filter(({ path }) => !ANY_OUTPUT.test(path))
      .map((log) => ({
        ...log,
        lines: withoutOthers(isWhole(log) ? log.lines : ofThisOperation(log.lines, since), log, own(log)),
      })),
    outputs: telling(outputs),
    outputUnknown: outputUnknown && outputs.length === 0,
  }
}

/** Containers in the order in which Docker told of them. */
function containersOf(lines: string[], near: Date): Container[] {
  const found = new Map<string, Container>()
  for (const [at, line] of lines.entries()) {
    const [, verb, id] = DOCKER_EVENT.exec(line) ?? []
    if (!id) continue
    const container = found.get(id) ?? { id, startedAt: undefined, diedAt: undefined }
    found.set(id, container)
    if (verb === 'die') container.diedAt = at
    else container.startedAt ??= timeOf(line, near)
  }
  return [...found.values()]
}

function isSame(id: string, beginning: string | undefined): boolean {
  return beginning !== undefined && (id.startsWith(beginning) || beginning.startsWith(id))
}

/** Docker tells nothing of the container, and its log is whole and begins in the operation. */
function isNew({ lines }: Log, container: Container | undefined, since: Date | undefined): boolean {
  if (!since || container?.startedAt !== undefined || lines.length >= TAIL_LINES) return false
  const first = lines.map((line) => timeOf(line, since)).find((time) => time !== undefined)
  return first !== undefined && first >= since.getTime()
}

/** What served before is stopped by the operation: that its container ends is no failure. */
function withoutOthers(lines: string[], { path }: Log, own: Container[]): string[] {
  if (!DOCKER_EVENTS.test(path) || own.length === 0) return lines
  return lines.filter((line) => {
    const [, verb, id] = DOCKER_EVENT.exec(line) ?? []
    return verb !== 'die' || own.some((one) => one.id === id)
  })
}

/** Where containers ended their words tell, and not those of what runs: after a failure Beanstalk may have started the release before again. */
function telling(outputs: Output[]): string[][] {
  const ended = outputs.filter(({ container }) => container?.diedAt !== undefined)
  const order = ({ container }: Output) => container?.diedAt ?? container?.startedAt ?? 0
  return (ended.length > 0 ? ended : outputs)
    .toSorted((one, other) => order(one) - order(other))
    .map(({ lines }) => lines)
}

function isText(line: string): boolean {
  return line.trim() !== ''
}
