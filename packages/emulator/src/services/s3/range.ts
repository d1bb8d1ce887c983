import { S3Error } from './errors.ts'

/** Both ends count. */
export interface ByteRange {
  start: number
  end: number
}

/**
 * Reads a `Range` header for a body of `bytes`; `undefined` means the whole body: no header, one that isn't a single range (S3 takes
 * several for none), or one that makes no sense. Throws S3Error `InvalidRange` when it lies outside.
 */
export function readRange(header: string | undefined, bytes: number): ByteRange | undefined {
  const [, first = '', last = ''] = /^bytes=(\d*)-(\d*)$/.exec(header?.trim() ?? '') ?? []
  if (!first && !last) return undefined
  if (first && last && Number(last) < Number(first)) return undefined
  const start = first ? Number(first) : Math.max(0, bytes - Number(last))
  const end = first && last ? Math.min(Number(last), bytes - 1) : bytes - 1
  if (start >= bytes) {
    throw new S3Error('InvalidRange', 'The requested range is not satisfiable', 416, {
      RangeRequested: header as string,
      ActualObjectSize: String(bytes),
    })
  }
  return { start, end }
}
