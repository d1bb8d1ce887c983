import { existsSync } from 'node:fs'
import { mkdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import writeFileAtomic from 'write-file-atomic'
import * as z from 'zod'

const recordSchema = z.object({
  name: z.string(),
  /** `<pid>:<start time>`; null while it is being started. */
  id: z.string().nullable(),
  port: z.number(),
  hostPort: z.number(),
  stopSignal: z.string(),
})

/** What is known of a container; it is written before the application is started, so that none is ever lost. */
export type ContainerRecord = z.infer<typeof recordSchema>

const recordFile = (directory: string): string => join(directory, 'container.json')

/** The record in a container's directory; undefined when a crash left none behind, or half of one. */
export async function readRecord(directory: string): Promise<ContainerRecord | undefined> {
  const text = await readIfPresent(recordFile(directory))
  if (text === undefined) return undefined
  try {
    return recordSchema.parse(JSON.parse(text))
  } catch (error) {
    if (error instanceof SyntaxError || error instanceof z.ZodError) return undefined
    throw error
  }
}

export async function writeRecord(directory: string, record: ContainerRecord): Promise<void> {
  await mkdir(directory, { recursive: true, mode: 0o700 })
  await writeFileAtomic(recordFile(directory), JSON.stringify(record), { mode: 0o600, fsync: false })
}

/** Ids of the Node processes that the container started, as each wrote them down itself. */
export async function processesOf(directory: string): Promise<string[]> {
  return linesOf(join(directory, 'processes'))
}

/** The exit code that the container's first process left; null when it didn't, because a signal ended it unseen. */
export async function exitCodeOf(directory: string, id: string): Promise<number | null> {
  const pid = id.slice(0, id.indexOf(':'))
  const line = (await linesOf(join(directory, 'exits'))).find((entry) => entry.startsWith(`${pid} `))
  return line === undefined ? null : Number(line.slice(pid.length + 1))
}

const listenSchema = z.object({
  address: z.string(),
  port: z.number(),
  pid: z.number(),
  hostPort: z.number(),
  open: z.boolean(),
})

/** The sockets that the container's processes listen on, as seen from inside, without those closed since. */
export async function socketsOf(
  directory: string,
): Promise<{ address: string; port: number; pid: number }[]> {
  const open = new Map<string, { address: string; port: number; pid: number }>()
  for (const line of await linesOf(join(directory, 'listening'))) {
    const { hostPort, open: isOpen, address, port, pid } = listenSchema.parse(JSON.parse(line))
    const key = `${pid}:${hostPort}`
    if (isOpen) open.set(key, { address, port, pid })
    else open.delete(key)
  }
  return [...open.values()]
}

async function linesOf(path: string): Promise<string[]> {
  const text = (await readIfPresent(path)) ?? ''
  // The last line may be in the middle of being written.
  return text.split('\n').slice(0, -1)
}

async function readIfPresent(path: string): Promise<string | undefined> {
  if (!existsSync(path)) return undefined
  return readFile(path, 'utf8')
}
