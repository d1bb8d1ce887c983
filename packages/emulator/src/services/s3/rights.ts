import type { Need } from '../../authorization/authorize.ts'
import { headerOf, type HttpRequest } from '../../http/request.ts'
import type { Address } from './address.ts'

/** Operations whose right has another name (Service Authorization Reference, actions of Amazon S3). */
const ACTIONS: Record<string, string> = {
  ListBuckets: 'ListAllMyBuckets',
  HeadBucket: 'ListBucket',
  ListObjects: 'ListBucket',
  ListObjectsV2: 'ListBucket',
  HeadObject: 'GetObject',
  CopyObject: 'PutObject',
  CreateMultipartUpload: 'PutObject',
  UploadPart: 'PutObject',
  UploadPartCopy: 'PutObject',
  CompleteMultipartUpload: 'PutObject',
  ListParts: 'ListMultipartUploadParts',
  ListMultipartUploads: 'ListBucketMultipartUploads',
  DeleteObjects: 'DeleteObject',
}

const arnOf = ({ bucket, key }: Address): string =>
  bucket === undefined ? '*' : `arn:aws:s3:::${bucket}${key === undefined ? '' : `/${key}`}`

/** What the caller of an operation must be allowed, as far as its address tells; a copy's source is read with the caller's rights. */
export function needsOf(operation: string, address: Address, request: HttpRequest): Need[] {
  // its keys stand in the document
  if (operation === 'DeleteObjects') return []
  const action = `s3:${ACTIONS[operation] ?? operation}`
  const prefix = action === 's3:ListBucket' ? request.query.get('prefix') : null
  const context = prefix === null ? {} : { 's3:prefix': prefix }
  const source = headerOf(request.headers, 'x-amz-copy-source')
  return [
    { action, resource: arnOf(address), context },
    ...(source === undefined ? [] : [{ action: 's3:GetObject', resource: arnOfSource(source) }]),
  ]
}

/** What DeleteObjects takes; here one key that may not be deleted refuses all of them. */
export function deletionsOf({ bucket }: Address, keys: readonly string[]): Need[] {
  return keys.map((key) => ({
    action: 's3:DeleteObject',
    resource: arnOf({ ...(bucket ? { bucket } : {}), key }),
  }))
}

/** `/bucket/key` or `bucket/key`, percent-encoded; what can't be read is the action's to refuse. */
function arnOfSource(source: string): string {
  const path = source.replace(/^\//, '').split('?')[0] ?? ''
  try {
    return `arn:aws:s3:::${decodeURIComponent(path)}`
  } catch {
    return `arn:aws:s3:::${path}`
  }
}
