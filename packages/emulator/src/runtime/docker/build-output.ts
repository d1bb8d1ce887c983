import { createInterface } from 'node:readline'
import type { Readable } from 'node:stream'
import { stripVTControlCharacters } from 'node:util'
import * as z from 'zod'

const messageSchema = z.object({
  stream: z.string().optional(),
  status: z.string().optional(),
  id: z.string().optional(),
  progress: z.string().optional(),
  error: z.string().optional(),
  errorDetail: z.object({ message: z.string().optional() }).optional(),
})

/** Passes on what an engine reports of a build or a pull, line by line; resolves with its error message, or undefined. */
export async function followOutput(
  output: Readable,
  log: (line: string) => void,
): Promise<string | undefined> {
  let partial = ''
  let failure: string | undefined
  for await (const line of createInterface({ input: output, crlfDelay: Infinity })) {
    if (line.trim() === '') continue
    const message = messageSchema.parse(JSON.parse(line))
    failure ??= message.errorDetail?.message ?? message.error
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
