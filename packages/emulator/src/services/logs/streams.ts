import { readFile, stat } from 'node:fs/promises'
import type { Belongings } from '../belongings.ts'

/** What one instance sends to one group. */
export interface LogStream {
  name: string
  createdAt: Date
  /** On this machine. */
  path: string
}

export interface LogEvent {
  at: Date
  message: string
}

/** The streams of a group: one for each instance that is there, by the instance's id. */
export function streamsOf(belongings: readonly Belongings[], group: string): LogStream[] {
  return belongings.flatMap(({ environmentName, instances }) =>
    instances.flatMap(({ id, launchedAt, logFiles }) => {
      const prefix = `/aws/elasticbeanstalk/${environmentName}/var/log/`
      const path = group.startsWith(prefix) ? logFiles[group.slice(prefix.length)] : undefined
      return path === undefined ? [] : [{ name: id, createdAt: new Date(launchedAt), path }]
    }),
  )
}

/** The lines of a stream, oldest first. A line without a time of its own has that of the line before, the first one that of the stream. */
export async function eventsOf({ path, createdAt }: LogStream): Promise<LogEvent[]> {
  let at = createdAt
  return (await textOf(path))
    .split('\n')
    .filter((line) => line !== '')
    .map((message) => {
      at = timeOf(message) ?? at
      return { at, message }
    })
}

/** A file that isn't written yet is an empty one. */
async function textOf(path: string): Promise<string> {
  try {
    return await readFile(path, 'utf8')
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code === 'ENOENT') return ''
    throw cause
  }
}

/** Bytes; 0 for a file that isn't written yet. */
export async function bytesOf({ path }: LogStream): Promise<number> {
  try {
    return (await stat(path)).size
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code === 'ENOENT') return 0
    throw cause
  }
}

/** The time that eb-engine.log begins its lines with, or an ISO 8601 one. */
function timeOf(line: string): Date | undefined {
  const match = /^(\d{4})[/-](\d\d)[/-](\d\d)[ T](\d\d:\d\d:\d\d)(\.\d{1,3})?/.exec(line)
  if (match === null) return undefined
  const [, year, month, day, time, fraction = ''] = match
  const date = new Date(`${year}-${month}-${day}T${time}${fraction}Z`)
  return Number.isNaN(date.getTime()) ? undefined : date
}
