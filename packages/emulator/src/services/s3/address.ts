import { hostPrefix } from '../../http/host.ts'
import type { HttpRequest } from '../../http/request.ts'
import { isBucketName } from './bucket-name.ts'
import { S3Error } from './errors.ts'

/** What a request is about. An operation on the service itself has neither. */
export interface Address {
  bucket?: string
  key?: string
}

const LONGEST_KEY = 1024

/** Reads bucket and key: `/bucket/key` in path style, or the bucket from the host's name. Throws S3Error. */
export function addressOf(request: HttpRequest): Address {
  const prefix = hostPrefix(request.host)
  const virtual = prefix !== undefined && isBucketName(prefix) ? prefix : undefined
  const path = request.path.slice(1)
  const slash = path.indexOf('/')
  const bucket = virtual ?? decode(slash < 0 ? path : path.slice(0, slash))
  const key = decode(virtual ? path : slash < 0 ? '' : path.slice(slash + 1))
  if (Buffer.byteLength(key) > LONGEST_KEY) {
    throw new S3Error('KeyTooLongError', 'Your key is too long', 400, {
      MaxSizeAllowed: String(LONGEST_KEY),
      Size: String(Buffer.byteLength(key)),
    })
  }
  return { ...(bucket ? { bucket } : {}), ...(key ? { key } : {}) }
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text)
  } catch {
    throw new S3Error('InvalidURI', "Couldn't parse the specified URI.", 400, { URI: text })
  }
}
