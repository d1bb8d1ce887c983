import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import * as z from 'zod'

const recordSchema = z.object({
  pid: z.int().positive(),
  /** Base URL, without a trailing slash. */
  url: z.url({ protocol: /^http$/, hostname: /^(127\.0\.0\.1|localhost)$/ }),
  /** ISO 8601. */
  startedAt: z.string(),
  runtime: z.string(),
  /** What its process runtime runs applications on: `v22.23.3`; a server of an earlier version doesn't tell. */
  node: z.string().optional(),
  /** One line about the runtime: what it is, and what it does otherwise than AWS. A server of an earlier version doesn't tell. */
  engine: z.string().optional(),
  version: z.string(),
})

/** Who serves a state directory, as the server itself writes it to `server.json` once it listens; a kill leaves the file behind. */
export type ServerRecord = z.infer<typeof recordSchema>

const identitySchema = z.object({ service: z.literal('lucree-emulator'), pid: z.number() })

/** The record of the server that runs or ran here; undefined without one that can be read. */
export async function readServerRecord(dir: string): Promise<ServerRecord | undefined> {
  const text = await readOptional(join(dir, 'server.json'))
  return text === undefined ? undefined : parse(text, recordSchema)
}

/** The text of a file, undefined when there is none. */
export async function readOptional(path: string): Promise<string | undefined> {
  try {
    return await readFile(path, 'utf8')
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined
    throw error
  }
}

/** Whether that very server answers: another program may have taken the port since, and another process the number. */
export async function answers(record: ServerRecord, signal: AbortSignal): Promise<boolean> {
  try {
    const response = await fetch(`${record.url}/_lucree/identity`, { signal })
    return response.ok && parse(await response.text(), identitySchema)?.pid === record.pid
  } catch (error) {
    signal.throwIfAborted()
    // What fetch throws when nobody listens.
    if (error instanceof TypeError) return false
    throw error
  }
}

/** JSON text in the shape of `schema`, undefined when it isn't: a file that was cut off is a server that isn't there. */
export function parse<T>(text: string, schema: z.ZodType<T>): T | undefined {
  try {
    return schema.safeParse(JSON.parse(text)).data
  } catch (error) {
    if (error instanceof SyntaxError) return undefined
    throw error
  }
}
