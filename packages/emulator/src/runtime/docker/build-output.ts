import { createInterface } from 'node:readline'
import type { Readable } from 'node:stream'
import { stripVTControlCharacters } from 'node:util'
import * as z from 'zod'
import { EngineError, type Engine, type EngineRequest } from '../engine.ts'
import { PlainProgress } from './buildkit/plain-progress.ts'
import { readStatus } from './buildkit/trace.ts'

const messageSchema = z.object({
  stream: z.string().optional(),
  status: z.string().optional(),
  id: z.string().optional(),
  progress: z.string().optional(),
  error: z.string().optional(),
  errorDetail: z.object({ message: z.string().optional() }).optional(),
  /** Of BuildKit: base64 of a protobuf, when `id` says so. */
  aux: z.unknown().optional(),
})
type Message = z.infer<typeof messageSchema>

/**
 * Asks for a build or a pull and follows it. Some failures an engine answers at once (a Dockerfile that can't be read), and others in its output.
 * Resolves with the message, or undefined.
 */
export async function followed(
  engine: Engine,
  path: string,
  options: EngineRequest,
  follow: (output: Readable) => Promise<string | undefined>,
): Promise<string | undefined> {
  try {
    return await follow(await engine.call('POST', path, options))
  } catch (error) {
    options.signal?.throwIfAborted()
    if (error instanceof EngineError) return error.message
    throw error
  }
}

/** Passes on what an engine reports of a build or a pull, line by line; resolves with its error message, or undefined. */
export async function followOutput(
  output: Readable,
  log: (line: string) => void,
): Promise<string | undefined> {
  let partial = ''
  let failure: string | undefined
  for await (const message of messages(output)) {
    failure ??= errorOf(message)
    // Progress bars are drawn over and over; the lines around them tell the same.
    if (message.status !== undefined && message.progress === undefined) {
      log(message.id === undefined ? message.status : `${message.id}: ${message.status}`)
    }
    // A step's standard error comes in red.
    const lines = (partial + stripVTControlCharacters(message.stream ?? '')).split(/\r?\n/)
    partial = lines.pop() ?? ''
    for (const complete of lines) log(complete)
  }
  if (partial !== '') log(partial)
  return failure
}

/** The same of a build by BuildKit, told as `docker build --progress=plain` does. */
export async function followBuildKit(
  output: Readable,
  log: (line: string) => void,
): Promise<string | undefined> {
  const progress = new PlainProgress(log)
  let failure: string | undefined
  for await (const message of messages(output)) {
    failure ??= errorOf(message)
    if (message.id === 'moby.buildkit.trace' && typeof message.aux === 'string') {
      progress.update(readStatus(Buffer.from(message.aux, 'base64')))
    }
  }
  return failure === undefined ? undefined : progress.fail(failure)
}

async function* messages(output: Readable): AsyncGenerator<Message> {
  for await (const line of createInterface({ input: output, crlfDelay: Infinity })) {
    if (line.trim() !== '') yield messageSchema.parse(JSON.parse(line))
  }
}

/** Podman ends its messages with a line feed. */
const errorOf = ({ error, errorDetail }: Message): string | undefined =>
  (errorDetail?.message ?? error)?.trimEnd()
