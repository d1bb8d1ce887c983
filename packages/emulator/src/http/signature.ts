import { createHash, createHmac, timingSafeEqual, type Hash, type Hmac } from 'node:crypto'
import { SignatureV4 } from '@smithy/signature-v4'
import type { Claim } from './authorization.ts'
import type { Credentials } from './credentials.ts'
import { Refusal } from './refusal.ts'
import { headerOf, type HttpRequest } from './request.ts'

/** AWS's own tolerance. */
export const MAX_SKEW_MS = 15 * 60_000

/** SHA-256 in the shape that the SDK's signer wants: plain, or keyed (HMAC). */
export class Sha256 {
  readonly #hash: Hash | Hmac
  constructor(secret?: string | ArrayBuffer | ArrayBufferView) {
    this.#hash = secret === undefined ? createHash('sha256') : createHmac('sha256', asKey(secret))
  }
  update(data: Uint8Array): void {
    this.#hash.update(data)
  }
  digest(): Promise<Uint8Array> {
    return Promise.resolve(this.#hash.digest())
  }
  reset(): void {
    throw new Error('a digest is taken once')
  }
}

const asKey = (secret: string | ArrayBuffer | ArrayBufferView): string | Buffer =>
  typeof secret === 'string'
    ? secret
    : ArrayBuffer.isView(secret)
      ? Buffer.from(secret.buffer, secret.byteOffset, secret.byteLength)
      : Buffer.from(secret)

/** A signer for one service and region. S3 signs a path as it is sent, every other service encodes it once more. */
export const signerOf = (credentials: Credentials, region: string, service: string): SignatureV4 =>
  new SignatureV4({
    credentials,
    region,
    service,
    sha256: Sha256,
    applyChecksum: false,
    uriEscapePath: service !== 's3',
  })

/** Gives back whose the claim's key is. Throws a {@link Refusal} unless it is somebody's, its time is near `now` and it hasn't expired. */
export function checkClaim<Holder>(
  claim: Claim,
  holder: Holder | undefined,
  region: string,
  now: Date,
): Holder {
  if (holder === undefined) throw new Refusal({ kind: 'unknown-key', accessKeyId: claim.accessKeyId })
  if (claim.region !== region)
    throw new Refusal({ kind: 'wrong-region', asked: claim.region, expected: region })
  const age = now.getTime() - claim.signedAt.getTime()
  const life = claim.expiresInSeconds === undefined ? MAX_SKEW_MS : claim.expiresInSeconds * 1000
  if (age < -MAX_SKEW_MS) throw new Refusal({ kind: 'skewed', signedAt: claim.signedAt, now })
  if (age <= life) return holder
  if (claim.kind === 'header') throw new Refusal({ kind: 'skewed', signedAt: claim.signedAt, now })
  throw new Refusal({ kind: 'expired', expiredAt: new Date(claim.signedAt.getTime() + life), now })
}

/**
 * Signs the request again with our own secret and compares in constant time. `payloadHash` is what the canonical request ends with:
 * the body's SHA-256 in hex, or one of S3's words for a body that is checked otherwise. Throws a {@link Refusal} `mismatch`.
 */
export async function verifySignature(
  request: HttpRequest,
  claim: Claim,
  credentials: Credentials,
  payloadHash: string,
): Promise<void> {
  const signature =
    claim.kind === 'header'
      ? await signedByHeader(request, claim, credentials, payloadHash)
      : await signedByQuery(request, claim, credentials, payloadHash)
  const matches = timingSafeEqual(Buffer.from(signature, 'hex'), Buffer.from(claim.signature, 'hex'))
  if (!matches) {
    throw new Refusal({ kind: 'mismatch', accessKeyId: claim.accessKeyId, signature: claim.signature })
  }
}

async function signedByHeader(
  request: HttpRequest,
  claim: Claim,
  credentials: Credentials,
  payloadHash: string,
) {
  const signer = signerOf(credentials, claim.region, claim.service)
  const signed = await signer.sign(toSign(request, claim, payloadHash), {
    signingDate: claim.signedAt,
    // the SDK leaves some headers out on its own; what counts here is what the client signed, and the hash is only its own if it said so
    signableHeaders: new Set(claim.signedHeaders),
    unsignableHeaders: notSigned(claim),
  })
  return /Signature=([0-9a-f]{64})$/.exec(signed.headers['authorization'] ?? '')?.[1] ?? ''
}

async function signedByQuery(
  request: HttpRequest,
  claim: Claim,
  credentials: Credentials,
  payloadHash: string,
) {
  const signer = signerOf(credentials, claim.region, claim.service)
  const presigned = await signer.presign(toSign(request, claim, payloadHash), {
    signingDate: claim.signedAt,
    expiresIn: claim.expiresInSeconds ?? 0,
    signableHeaders: new Set(claim.signedHeaders),
    unsignableHeaders: notSigned(claim),
    unhoistableHeaders: new Set([...claim.signedHeaders, PAYLOAD_HASH]),
  })
  const { 'X-Amz-Signature': signature } = (presigned.query ?? {}) as Record<string, string>
  return signature ?? ''
}

const PAYLOAD_HASH = 'x-amz-content-sha256'
const PRESIGN_FIELDS = new Set(
  ['Algorithm', 'Credential', 'Date', 'Expires', 'SignedHeaders', 'Signature'].map((name) => `X-Amz-${name}`),
)

/** The payload's hash is handed to the signer as a header; it is part of the signature only if the client signed it as one. */
const notSigned = (claim: Claim): Set<string> =>
  new Set(claim.signedHeaders.includes(PAYLOAD_HASH) ? [] : [PAYLOAD_HASH])

function toSign(request: HttpRequest, claim: Claim, payloadHash: string) {
  const headers: Record<string, string> = {}
  for (const name of claim.signedHeaders) headers[name] = headerOf(request.headers, name) ?? ''
  headers[PAYLOAD_HASH] = payloadHash
  const query: Record<string, string | string[]> = {}
  for (const name of new Set(request.query.keys())) {
    const values = request.query.getAll(name)
    if (!PRESIGN_FIELDS.has(name)) query[name] = values.length > 1 ? values : (values[0] ?? '')
  }
  return {
    method: request.method,
    protocol: 'http:',
    hostname: request.host,
    path: request.path,
    query,
    headers,
  }
}
