import type { Beanstalk, InstanceLog } from './ports.ts'
import { lookUntil, type Waiting } from './poll.ts'

/** The text of one log file of one instance. */
export interface LogFile {
  instanceId: string
  /** Such as `/var/log/eb-engine.log`. */
  path: string
  lines: string[]
}

/** A line of 40 dashes before and after each path (facts sheet §1.8). */
const RULER = /^-{20,}$/

/** Asks every instance for the last lines of its logs and waits until each has answered, or answers what has come at the deadline. */
export async function tailLogs(
  beanstalk: Beanstalk,
  environment: string,
  instances: number,
  waiting: Waiting,
): Promise<LogFile[]> {
  const delivered = await freshLogs(beanstalk, environment, 'tail', instances, waiting)
  const texts = await Promise.all(
    delivered.map(async (log) => ({
      instanceId: log.instanceId,
      text: (await log.read(waiting.signal)).toString('utf8'),
    })),
  )
  return texts.flatMap(({ instanceId, text }) => splitTail(instanceId, text))
}

/** Asks for logs and waits for those that come because of it: an older request's don't count. */
export async function freshLogs(
  beanstalk: Beanstalk,
  environment: string,
  kind: 'tail' | 'bundle',
  instances: number,
  waiting: Waiting,
): Promise<InstanceLog[]> {
  const { signal } = waiting
  const before = new Map(
    (await beanstalk.retrieveLogs(environment, kind, signal)).map(({ instanceId, at }) => [
      instanceId,
      at.getTime(),
    ]),
  )
  await beanstalk.requestLogs(environment, kind, signal)
  let come: InstanceLog[] = []
  const all = await lookUntil(waiting, async () => {
    const now = await beanstalk.retrieveLogs(environment, kind, signal)
    come = now.filter(({ instanceId, at }) => at.getTime() > (before.get(instanceId) ?? 0))
    return come.length >= Math.max(1, instances) ? come : undefined
  })
  return all ?? come
}

/** Splits a tail into its files. */
export function splitTail(instanceId: string, text: string): LogFile[] {
  const files: LogFile[] = []
  const lines = text.split(/\r?\n/)
  for (let at = 0; at < lines.length; at += 1) {
    if (isHeading(lines, at)) {
      files.push({ instanceId, path: (lines[at + 1] ?? '').trim(), lines: [] })
      at += 2
    } else {
      files.at(-1)?.lines.push(lines[at] ?? '')
    }
  }
  for (const file of files) trimEnd(file.lines)
  return files
}

function isHeading(lines: string[], at: number): boolean {
  return (
    RULER.test(lines[at] ?? '') && /^\s*\/\S/.test(lines[at + 1] ?? '') && RULER.test(lines[at + 2] ?? '')
  )
}

function trimEnd(lines: string[]): void {
  while (lines.length > 0 && lines.at(-1)?.trim() === '') lines.pop()
}
