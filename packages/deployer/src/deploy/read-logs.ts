import { type LogFile, tailLogs } from '../beanstalk/logs.ts'
import { isPassing, pause } from '../beanstalk/poll.ts'
import type { DeployTarget } from '../config/target.ts'
import { findEnvironment } from './status.ts'
import { type Tools, waiting } from './tools.ts'

/** The ends of the instances' logs. `matches` chooses files by their path. */
export async function readLogs(
  target: DeployTarget,
  matches: (path: string) => boolean,
  tools: Tools,
): Promise<LogFile[]> {
  const { name } = await findEnvironment(target, tools)
  const instances = await tools.cloud.beanstalk.describeInstances(name, tools.signal)
  const files = await tailLogs(tools.cloud.beanstalk, name, instances.length, waiting(tools, LOOK_MS))
  return files.filter(({ path }) => matches(path))
}

/** Lines that have been added since the last look, file by file, until the signal is aborted. */
export async function* newLines(
  target: DeployTarget,
  matches: (path: string) => boolean,
  first: LogFile[],
  tools: Tools,
): AsyncGenerator<LogFile> {
  let known = first
  for (let failures = 0; ;) {
    // Following has no deadline of its own: it is what was asked for, and Ctrl-C ends it. One look has.
    await pause(waiting({ ...tools, deadline: Infinity }), failures)
    try {
      const now = await readLogs(target, matches, { ...tools, deadline: Infinity })
      for (const file of now) {
        const lines = added(known.find((old) => sameFile(old, file))?.lines ?? [], file.lines)
        if (lines.length > 0) yield { ...file, lines }
      }
      known = now
      failures = 0
    } catch (error) {
      if (!isPassing(error)) throw error
      failures += 1
    }
  }
}

/** How long instances may take to deliver their logs, ms. */
const LOOK_MS = 60_000

function sameFile(one: LogFile, other: LogFile): boolean {
  return one.instanceId === other.instanceId && one.path === other.path
}

/**
 * What `now` has after the lines of `before`. Both are the last lines of one growing file, so the longest end of `before` that `now` begins with, at
 * some place, is where the new ones start.
 */
export function added(before: string[], now: string[]): string[] {
  for (let start = 0; start < before.length; start += 1) {
    const end = before.slice(start)
    for (let at = 0; at + end.length <= now.length; at += 1) {
      if (end.every((line, index) => now[at + index] === line)) return now.slice(at + end.length)
    }
  }
  return now
}
