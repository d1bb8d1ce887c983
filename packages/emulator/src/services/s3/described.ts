import type { Described } from './disk/record.ts'

/** The members of an input that describe an object, the same in PutObject, CopyObject and CreateMultipartUpload. */
interface DescribedInput {
  ContentType?: string | undefined
  CacheControl?: string | undefined
  ContentDisposition?: string | undefined
  ContentEncoding?: string | undefined
  ContentLanguage?: string | undefined
  Expires?: Date | string | undefined
  Metadata?: Record<string, string> | undefined
}

/** Takes the description of an object out of an input. `aws-chunked` is the request's framing, not the object's encoding. */
export function describedBy(input: DescribedInput): Described {
  const encoding = input.ContentEncoding?.split(',').map((one) => one.trim())
  const described: Record<string, string | undefined> = {
    cacheControl: input.CacheControl,
    contentDisposition: input.ContentDisposition,
    contentEncoding: encoding?.filter((one) => one && one !== 'aws-chunked').join(', ') || undefined,
    contentLanguage: input.ContentLanguage,
    expires: input.Expires instanceof Date ? input.Expires.toISOString() : input.Expires,
  }
  return {
    contentType: input.ContentType || 'binary/octet-stream',
    metadata: input.Metadata ?? {},
    ...Object.fromEntries(Object.entries(described).filter(([, value]) => value !== undefined)),
  }
}

/** The same as members of an answer. */
export const describedMembers = (described: Described) => ({
  ContentType: described.contentType,
  CacheControl: described.cacheControl,
  ContentDisposition: described.contentDisposition,
  ContentEncoding: described.contentEncoding,
  ContentLanguage: described.contentLanguage,
  Expires: described.expires === undefined ? undefined : new Date(described.expires),
  Metadata: described.metadata,
})
