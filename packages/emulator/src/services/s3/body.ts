import { createHash } from 'node:crypto'
import type { Claim } from '../../http/authorization.ts'
import { headerOf, type HttpRequest } from '../../http/request.ts'
import { decodeAwsChunked, type ChunkSigner } from './aws-chunked.ts'
import { algorithmOfHeader, startChecksum, type ChecksumAlgorithm, type Checksums } from './checksums.ts'
import { S3Error } from './errors.ts'

/** A request's body without its framing. */
export interface IncomingBody {
  /** The bytes, once. Fails at the end unless they are what the request promised: length, MD5, SHA-256, checksums. */
  stream: AsyncIterable<Uint8Array>
  /** The checksums that were promised and hold; known when the stream has ended. */
  checksums: Checksums
}

const STREAMING = 'STREAMING-'
const HEX_SHA256 = /^[0-9a-f]{64}$/

/** What the signature covers of the body: a digest in hex, or a word that says how else it is proved. */
export function payloadHashOf(request: HttpRequest, claim: Claim): string {
  if (claim.kind === 'presigned')
    return headerOf(request.headers, 'x-amz-content-sha256') ?? 'UNSIGNED-PAYLOAD'
  const hash = headerOf(request.headers, 'x-amz-content-sha256')
  if (hash === undefined) {
    throw new S3Error('InvalidRequest', 'Missing required header for this request: x-amz-content-sha256')
  }
  if (HEX_SHA256.test(hash) || hash === 'UNSIGNED-PAYLOAD' || isKnownStreaming(hash)) return hash
  throw new S3Error(
    'InvalidArgument',
    'x-amz-content-sha256 must be UNSIGNED-PAYLOAD, STREAMING-UNSIGNED-PAYLOAD-TRAILER, STREAMING-AWS4-HMAC-SHA256-PAYLOAD, STREAMING-AWS4-HMAC-SHA256-PAYLOAD-TRAILER or a valid sha256 value.',
  )
}

const isKnownStreaming = (hash: string) =>
  hash === 'STREAMING-UNSIGNED-PAYLOAD-TRAILER' ||
  /^STREAMING-AWS4-HMAC-SHA256-PAYLOAD(-TRAILER)?$/.test(hash)

/** `checked` is false where the checksum headers speak of an object and not of the body (CompleteMultipartUpload). */
export interface OpenBodyOptions {
  request: HttpRequest
  payloadHash: string
  checked: boolean
  /** Proves the chunks of a STREAMING-AWS4-HMAC-SHA256 body. */
  signer: ChunkSigner
}

/** Opens a body. Its promises are read now; they are held against the bytes at the end of the stream. */
export function openBody({ request, payloadHash, checked, signer }: OpenBodyOptions): IncomingBody {
  const promises = readPromises(request, payloadHash, checked)
  const checksums: Checksums = {}
  const framed =
    payloadHash.startsWith(STREAMING) ||
    /\baws-chunked\b/i.test(headerOf(request.headers, 'content-encoding') ?? '')
  const signed = payloadHash.startsWith('STREAMING-AWS4-HMAC-SHA256')
  const plain = framed
    ? decodeAwsChunked(request.body, (trailers) => promises.add(trailers), signed ? signer : undefined)
    : request.body
  return { stream: verified(plain, promises, checksums), checksums }
}

/** What a request says of its body. */
class Promises {
  readonly algorithms = new Set<ChecksumAlgorithm>()
  readonly checksums: Checksums = {}
  bytes: number | undefined
  md5: string | undefined
  sha256: string | undefined

  expect(algorithm: ChecksumAlgorithm, value?: string): void {
    this.algorithms.add(algorithm)
    if (value !== undefined) this.checksums[algorithm] = value
  }

  add(trailers: Map<string, string>): void {
    for (const [name, value] of trailers) {
      const algorithm = algorithmOfHeader(name)
      if (algorithm && this.algorithms.has(algorithm)) this.checksums[algorithm] = value
      else
        throw new S3Error(
          'MalformedTrailerError',
          `The request contained trailing data that was not announced: ${name}`,
        )
    }
  }
}

function readPromises(request: HttpRequest, payloadHash: string, checked: boolean): Promises {
  const promises = new Promises()
  const { headers } = request
  const length = headerOf(headers, 'x-amz-decoded-content-length')
  if (length !== undefined) promises.bytes = Number(length)
  if (HEX_SHA256.test(payloadHash)) promises.sha256 = payloadHash
  promises.md5 = headerOf(headers, 'content-md5')
  if (promises.md5 !== undefined && Buffer.from(promises.md5, 'base64').length !== 16) {
    throw new S3Error('InvalidDigest', 'The Content-MD5 you specified was invalid.')
  }
  if (!checked) return promises
  for (const name of Object.keys(headers)) {
    const algorithm = algorithmOfHeader(name)
    if (algorithm) promises.expect(algorithm, headerOf(headers, name))
  }
  for (const name of headerOf(headers, 'x-amz-trailer')?.split(',') ?? []) {
    const algorithm = algorithmOfHeader(name.trim())
    if (algorithm) promises.expect(algorithm)
  }
  return promises
}

async function* verified(source: AsyncIterable<Uint8Array>, promises: Promises, out: Checksums) {
  const running = [...promises.algorithms].map((algorithm) => [algorithm, startChecksum(algorithm)] as const)
  const md5 = promises.md5 === undefined ? undefined : createHash('md5')
  const sha256 = promises.sha256 === undefined ? undefined : createHash('sha256')
  let bytes = 0
  for await (const chunk of source) {
    bytes += chunk.byteLength
    md5?.update(chunk)
    sha256?.update(chunk)
    for (const [, checksum] of running) checksum.update(chunk)
    yield chunk
  }
  if (promises.bytes !== undefined && promises.bytes !== bytes) throw incomplete(promises.bytes, bytes)
  if (sha256 && sha256.digest('hex') !== promises.sha256) throw wrongSha256()
  if (md5 && md5.digest('base64') !== promises.md5) {
    throw new S3Error('BadDigest', 'The Content-MD5 you specified did not match what we received.')
  }
  for (const [algorithm, checksum] of running) {
    const found = Buffer.from(await checksum.digest()).toString('base64')
    if (found !== promises.checksums[algorithm]) throw wrongChecksum(algorithm)
    out[algorithm] = found
  }
}

const incomplete = (promised: number, got: number) =>
  new S3Error(
    'IncompleteBody',
    'You did not provide the number of bytes specified by the Content-Length HTTP header',
    400,
    { NumberBytesExpected: String(promised), NumberBytesProvided: String(got) },
  )

const wrongSha256 = () =>
  new S3Error(
    'XAmzContentSHA256Mismatch',
    "The provided 'x-amz-content-sha256' header does not match what was computed.",
  )

const wrongChecksum = (algorithm: ChecksumAlgorithm) =>
  new S3Error('BadDigest', `The ${algorithm} you specified did not match the calculated checksum.`)
