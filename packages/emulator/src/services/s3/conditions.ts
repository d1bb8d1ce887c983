import type { ObjectRecord } from './disk/record.ts'
import { noSuchKey, preconditionFailed, S3Error } from './errors.ts'

const bare = (etag: string) =>
  etag
    .trim()
    .replace(/^W\//, '')
    .replace(/^"(.*)"$/, '$1')

const isAmong = (etags: string, etag: string) =>
  etags.split(',').some((one) => one.trim() === '*' || bare(one) === etag)

/** The conditions of a write, checked at the moment it is done: If-None-Match: * wants no object, If-Match wants that very one. */
export function writeCondition(input: {
  Key?: string | undefined
  IfMatch?: string | undefined
  IfNoneMatch?: string | undefined
}) {
  return (current: ObjectRecord | undefined): void => {
    if (input.IfNoneMatch !== undefined) {
      if (input.IfNoneMatch.trim() !== '*') {
        throw new S3Error(
          'NotImplemented',
          'A header you provided implies functionality that is not implemented',
          501,
          {
            Header: 'If-None-Match',
          },
        )
      }
      if (current) throw preconditionFailed('If-None-Match')
    }
    if (input.IfMatch === undefined) return
    if (!current) throw noSuchKey(input.Key ?? '')
    if (!isAmong(input.IfMatch, current.etag)) throw preconditionFailed('If-Match')
  }
}

export interface ReadConditions {
  IfMatch?: string | undefined
  IfNoneMatch?: string | undefined
  IfModifiedSince?: Date | undefined
  IfUnmodifiedSince?: Date | undefined
}

/** The conditions of a read in the order of RFC 9110: an ETag counts more than a date. Throws 412, or 304 for what the client has. */
export function checkRead(conditions: ReadConditions, object: ObjectRecord): void {
  const { IfMatch, IfNoneMatch, IfModifiedSince, IfUnmodifiedSince } = conditions
  // HTTP dates have whole seconds
  const modified = Math.floor(Date.parse(object.lastModified) / 1000) * 1000
  if (IfMatch !== undefined) {
    if (!isAmong(IfMatch, object.etag)) throw preconditionFailed('If-Match')
  } else if (IfUnmodifiedSince && modified > IfUnmodifiedSince.getTime()) {
    throw preconditionFailed('If-Unmodified-Since')
  }
  if (IfNoneMatch !== undefined) {
    if (isAmong(IfNoneMatch, object.etag)) throw notModified()
  } else if (IfModifiedSince && modified <= IfModifiedSince.getTime()) {
    throw notModified()
  }
}

const notModified = () => new S3Error('NotModified', 'Not Modified', 304)
