import { readFile, rm } from 'node:fs/promises'
import { join } from 'node:path'
import writeFileAtomic from 'write-file-atomic'
import * as z from 'zod'

/** Who serves a state directory, in its `server.json`: written once it listens, removed when it ends; a kill leaves it behind. */
export interface ServerRecord {
  pid: number
  /** Base URL, without a trailing slash. */
  url: string
  /** ISO 8601. */
  startedAt: string
  /** What runs the bundles. */
  runtime: 'docker' | 'process'
  /** `v22.23.3`: what the process runtime runs applications on. */
  node: string
  /** One line about it: what it is, and what it does otherwise than AWS. */
  engine: string
  version: string
  /** Shown by whoever may arm faults; the file is its owner's only. */
  token: string
}

const Shape = z.object({
  pid: z.number().int().positive(),
  url: z.string(),
  startedAt: z.iso.datetime(),
  runtime: z.enum(['docker', 'process']),
  // a server of before it was told
  node: z.string().default(''),
  engine: z.string().default(''),
  version: z.string(),
  // a server of before there was one left none behind
  token: z.string().default(''),
})

const pathIn = (dir: string) => join(dir, 'server.json')

export const writeServerRecord = (dir: string, record: ServerRecord): Promise<void> =>
  writeFileAtomic(pathIn(dir), `${JSON.stringify(record, null, 2)}\n`, { mode: 0o600 })

export const removeServerRecord = (dir: string): Promise<void> => rm(pathIn(dir), { force: true })

/** The record of the server that runs or ran here; `undefined` when there is none that can be read: it only tells, it decides nothing. */
export async function readServerRecord(dir: string): Promise<ServerRecord | undefined> {
  let text: string
  try {
    text = await readFile(pathIn(dir), 'utf8')
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code === 'ENOENT') return undefined
    throw cause
  }
  try {
    return Shape.safeParse(JSON.parse(text)).data
  } catch (cause) {
    if (cause instanceof SyntaxError) return undefined
    throw cause
  }
}
