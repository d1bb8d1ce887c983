import type { ServerResponse } from 'node:http'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'

/** What is sent back. A stream is read to its end or destroyed with the connection. */
export interface Answer {
  status: number
  headers: Record<string, string>
  body?: string | Buffer | Readable
  /** The connection breaks, on purpose: instead of the answer, or in the middle of its body. */
  breaks?: 'instead' | 'midway'
  /** For the log: what was called, and the error's code. */
  about?: string
}

/** Sends an answer; resolves when it is out, rejects when the connection breaks in the middle of a stream. */
export async function send(response: ServerResponse, answer: Answer): Promise<void> {
  const { body } = answer
  if (answer.breaks === 'instead') {
    if (body instanceof Readable) body.destroy()
    response.socket?.resetAndDestroy()
    return
  }
  response.statusCode = answer.status
  for (const [name, value] of Object.entries(answer.headers)) response.setHeader(name, value)
  if (answer.breaks === 'midway') return breakOff(response, body)
  if (body instanceof Readable) {
    await pipeline(body, response)
    return
  }
  const bytes = body === undefined ? undefined : Buffer.from(body as string)
  if (bytes && !response.hasHeader('content-length')) response.setHeader('content-length', bytes.byteLength)
  response.end(bytes)
}

/** Sends the head and, of the body, less than the head promises. */
async function breakOff(response: ServerResponse, body: Answer['body']): Promise<void> {
  const bytes = body instanceof Readable ? await firstChunk(body) : Buffer.from((body ?? '') as string)
  if (!response.hasHeader('content-length')) response.setHeader('content-length', bytes.byteLength || 1)
  response.write(bytes.subarray(0, Math.floor(bytes.byteLength / 2)), () => response.socket?.destroy())
}

async function firstChunk(body: Readable): Promise<Buffer> {
  for await (const chunk of body) return Buffer.from(chunk as Uint8Array)
  return Buffer.alloc(0)
}
