import type { Evidence } from './evidence.ts'
import { isOfThisOperation, ofThisOperation, timeOf } from './this-operation.ts'

type Log = Evidence['logs'][number]

/** What of the instances' logs the operation wrote. */
export interface OwnLogs {
  logs: Log[]
  /** What its containers printed, one list each; the one that tells most is the last. */
  outputs: string[][]
  /** Nothing tells whose `outputs` are: they may be of the release before. */
  outputDoubtful: boolean
  /** There is output, and nothing tells whose it is: an older release's is no evidence. */
  outputUnknown: boolean
}

interface Container {
  id: string
  startedAt: number | undefined
  /** Where in the log it ended by itself or was ended. */
  diedAt: number | undefined
  /** When that was. */
  diedTime: number | undefined
}

/** What Docker told on one instance. */
interface Told {
  containers: Container[]
  /** Containers of this operation may have started before the first line that came, or Docker's log tells of no start at all. */
  isPartial: boolean
}

interface Output {
  instanceId: string
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
/** The first event of a new environment, or of one whose instances are all made anew (facts sheet §3.3). */
const ALL_NEW = /^(?:create|rebuild)Environment is starting/

/**
 * Only what the operation's own containers printed counts, and lines of the platform's logs since it began. An instance that it launched wrote
 * all of its logs in it; on one that was there before, Docker's events tell which containers it started. Where those don't tell, output that
 * nothing proves to be older counts as long as there is no other, and is doubtful.
 */
export function ownLogs(evidence: Evidence): OwnLogs {
  const { logs, since, fleet } = evidence
  const begun = since?.getTime() ?? -Infinity
  const launched = new Set(
    fleet?.filter(({ launchedAt }) => launchedAt && launchedAt.getTime() >= begun).map(({ id }) => id),
  )
  const allNew = !since || madeEnvironment(evidence)
  const isWhole = ({ instanceId }: Log) => allNew || launched.has(instanceId)
  const told = new Map<string, Told>()
  for (const log of logs.filter(({ path }) => DOCKER_EVENTS.test(path)))
    told.set(log.instanceId, toldBy(log.lines, since ?? new Date(0)))
  const toldOf = ({ instanceId }: Log) => told.get(instanceId) ?? { containers: [], isPartial: true }
  const own = (log: Log) =>
    toldOf(log).containers.filter(({ startedAt }) => (startedAt ?? -Infinity) >= begun)

  const outputs: Output[] = []
  const doubtful: Output[] = []
  let outputUnknown = false
  for (const log of logs.filter(({ path }) => ANY_OUTPUT.test(path))) {
    const id = OUTPUT.exec(log.path)?.[1]
    const { containers, isPartial } = toldOf(log)
    const container = containers.find((one) => isSame(one.id, id))
    const { instanceId, lines } = log
    if (isWhole(log) || (container && own(log).includes(container)) || isNew(log, container, since))
      outputs.push({ instanceId, lines, container })
    else if (isPartial && lines.some(isText) && !isOlder(log, container, since))
      doubtful.push({ instanceId, lines, container })
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
    outputs: outputs.length > 0 ? telling(outputs).map(({ lines }) => lines) : byInstance(telling(doubtful)),
    outputDoubtful: doubtful.length > 0 && outputs.length === 0,
    outputUnknown: outputUnknown && doubtful.length === 0 && outputs.length === 0,
  }
}

/** Whether all instances are the operation's own, even if nobody knows when each was launched. */
function madeEnvironment({ since, events, environment }: Evidence): boolean {
  const { createdAt } = environment ?? {}
  if (createdAt && isOfThisOperation(createdAt, since)) return true
  return events.some(({ at, message }) => ALL_NEW.test(message) && isOfThisOperation(at, since))
}

function toldBy(lines: string[], near: Date): Told {
  const containers = containersOf(lines, near)
  const first = lines.map((line) => timeOf(line, near)).find((time) => time !== undefined)
  const isCut = lines.length >= TAIL_LINES && first !== undefined && first >= near.getTime()
  return { containers, isPartial: isCut || containers.every(({ startedAt }) => startedAt === undefined) }
}

/** Containers in the order in which Docker told of them. */
function containersOf(lines: string[], near: Date): Container[] {
  const found = new Map<string, Container>()
  for (const [at, line] of lines.entries()) {
    const [, verb, id] = DOCKER_EVENT.exec(line) ?? []
    if (!id) continue
    const container = found.get(id) ?? { id, startedAt: undefined, diedAt: undefined, diedTime: undefined }
    found.set(id, container)
    if (verb === 'die') {
      container.diedAt = at
      container.diedTime = timeOf(line, near)
    } else container.startedAt ??= timeOf(line, near)
  }
  return [...found.values()]
}

function isSame(id: string, beginning: string | undefined): boolean {
  return beginning !== undefined && (id.startsWith(beginning) || beginning.startsWith(id))
}

/** Docker's events or the output's own times prove that the container is of another operation. */
function isOlder({ lines }: Log, container: Container | undefined, since: Date | undefined): boolean {
  if (!since) return false
  const printed = lines.map((line) => timeOf(line, since)).find((time) => time !== undefined)
  return [container?.startedAt, container?.diedTime, printed].some(
    (time) => time !== undefined && !isOfThisOperation(new Date(time), since),
  )
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
function telling(outputs: Output[]): Output[] {
  const ended = outputs.filter(({ container }) => container?.diedAt !== undefined)
  const order = ({ container }: Output) => container?.diedAt ?? container?.startedAt ?? 0
  return (ended.length > 0 ? ended : outputs).toSorted((one, other) => order(one) - order(other))
}

/** Which of an instance's outputs is the newest nobody knows: they are read as one. */
function byInstance(outputs: Output[]): string[][] {
  const instances = [...new Set(outputs.map(({ instanceId }) => instanceId))]
  return instances.map((id) =>
    outputs.filter(({ instanceId }) => instanceId === id).flatMap(({ lines }) => lines),
  )
}

function isText(line: string): boolean {
  return line.trim() !== ''
}
