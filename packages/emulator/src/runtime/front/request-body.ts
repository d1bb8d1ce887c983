import type { IncomingMessage } from 'node:http'
import type { Clock } from '../../clock.ts'
import { limitSilence } from './silence-limit.ts'
import { valuesOf, type HeaderLines } from './raw-headers.ts'

/** A request's body, whole: nginx gives it to the application when it has all of it. */
export interface Body {
  /** Undefined when the client announced none. */
  bytes: number | undefined
  chunks: readonly Buffer[]
}

/** How reading a body may end without one. */
export type NoBody = 'too large' | 'broken off' | 'timed out'

/** Milliseconds between two pieces: nginx's `client_body_timeout`. */
const TIMEOUT_MS = 60_000

/**
 * Reads the body of a request into memory. `maxBytes` of 0 means no limit. `begin` is called when it is sure that a body is wanted, for a
 * client that waits to hear so.
 */
export async function readBody(
  req: IncomingMessage,
  lines: HeaderLines,
  { maxBytes, clock, begin }: { maxBytes: number; clock: Clock; begin: () => void },
): Promise<Body | NoBody> {
  const [length] = valuesOf(lines, 'content-length')
  const isTooLarge = (bytes: number) => maxBytes > 0 && bytes > maxBytes
  if (isTooLarge(Number(length ?? 0))) return 'too large'
  if (length === undefined && valuesOf(lines, 'transfer-encoding').length === 0)
    return { bytes: undefined, chunks: [] }
  begin()
  const chunks: Buffer[] = []
  let bytes = 0
  return new Promise((resolve) => {
    const silence = limitSilence(clock, TIMEOUT_MS, () => end('timed out'))
    const take = (chunk: Buffer) => {
      silence.heard()
      bytes += chunk.length
      if (isTooLarge(bytes)) end('too large')
      else chunks.push(chunk)
    }
    const end = (result: Body | NoBody) => {
      silence.stop()
      req.off('data', take)
      resolve(result)
    }
    req.on('data', take)
    req.once('end', () => end({ bytes, chunks }))
    req.once('error', () => end('broken off'))
    req.once('close', () => end('broken off'))
  })
}
