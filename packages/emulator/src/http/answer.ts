import type { ServerResponse } from 'node:http'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'

/** What is sent back. A stream is read to its end or destroyed with the connection. */
export interface Answer {
  status: number
  headers: Record<string, string>
  body?: string | Buffer | Readable
  /** For the log: what was called, and the error's code. */
  about?: string
}

/** Sends an answer; resolves when it is out, rejects when the connection breaks in the middle of a stream. */
export async function send(response: ServerResponse, answer: Answer): Promise<void> {
  const { body } = answer
  response.statusCode = answer.status
  for (const [name, value] of Object.entries(answer.headers)) response.setHeader(name, value)
  if (body instanceof Readable) {
    await pipeline(body, response)
    return
  }
  const bytes = body === undefined ? undefined : Buffer.from(body as string)
  if (bytes && !response.hasHeader('content-length')) response.setHeader('content-length', bytes.byteLength)
  response.end(bytes)
}
