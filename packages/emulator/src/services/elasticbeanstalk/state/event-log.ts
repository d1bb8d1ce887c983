import { appendFile, mkdir, readdir, readFile, truncate } from 'node:fs/promises'
import { join } from 'node:path'
import { eventSchema, type Event } from './model.ts'

/** Events are kept six weeks, as by the service. */
const keptMs = 42 * 24 * 60 * 60 * 1000

/** All events, oldest first; each is on disk before {@link EventLog.append} resolves. */
export interface EventLog {
  all(): readonly Event[]
  append(event: Omit<Event, 'seq'>): Promise<Event>
}

/** One append-only file of JSON lines an environment, and `account.jsonl` for what belongs to none. */
export async function openEventLog(dir: string, now: Date): Promise<EventLog> {
  await mkdir(dir, { recursive: true, mode: 0o700 })
  const events = (await Promise.all((await logFiles(dir)).map(readEvents))).flat()
  const kept = events
    .filter((event) => now.getTime() - Date.parse(event.at) < keptMs)
    .sort((a, b) => a.seq - b.seq)
  let seq = events.reduce((highest, event) => Math.max(highest, event.seq), 0)
  let last: Promise<unknown> = Promise.resolve()
  return {
    all: () => kept,
    append(event) {
      const numbered = { seq: ++seq, ...event }
      const file = join(dir, `${event.environment?.id ?? 'account'}.jsonl`)
      const written = last.then(() => appendFile(file, `${JSON.stringify(numbered)}\n`, { mode: 0o600 }))
      // A write that failed is told to whoever asked for it; the next one is tried all the same.
      last = written.catch(() => undefined)
      return written.then(() => {
        kept.push(numbered)
        return numbered
      })
    },
  }
}

async function logFiles(dir: string): Promise<string[]> {
  return (await readdir(dir)).filter((name) => name.endsWith('.jsonl')).map((name) => join(dir, name))
}

/** A line that a kill -9 cut short is dropped from the file, so that the next one starts on a line of its own. */
async function readEvents(file: string): Promise<Event[]> {
  const text = await readFile(file, 'utf8')
  const end = text.lastIndexOf('\n') + 1
  if (end < text.length) await truncate(file, Buffer.byteLength(text.slice(0, end)))
  return text
    .slice(0, end)
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => eventSchema.parse(JSON.parse(line)))
}
