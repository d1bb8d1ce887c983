import { createHash, timingSafeEqual } from 'node:crypto'
import type { Claim } from '../../http/authorization.ts'
import type { Credentials } from '../../http/credentials.ts'
import { Refusal } from '../../http/refusal.ts'
import { signerOf } from '../../http/signature.ts'
import type { ChunkSigner } from './aws-chunked.ts'

const EMPTY = createHash('sha256').digest('hex')

/** Proves the chunks of a signed stream: each signature covers the one before, the first the request's own (SigV4, "transferring payload in multiple chunks"). */
export function chunkSigner(claim: Claim, credentials: Credentials): ChunkSigner {
  const signer = signerOf(credentials, claim.region, claim.service)
  const stamp = claim.signedAt.toISOString().replace(/[-:]|\.\d{3}/g, '')
  const scope = `${claim.scopeDate}/${claim.region}/${claim.service}/aws4_request`
  let previous = claim.signature
  const prove = async (kind: string, hashes: string[], given: string | undefined) => {
    const toSign = [`AWS4-HMAC-SHA256-${kind}`, stamp, scope, previous, ...hashes].join('\n')
    const signature = await signer.sign(toSign, { signingDate: claim.signedAt })
    const matches =
      given?.length === signature.length &&
      timingSafeEqual(Buffer.from(given, 'hex'), Buffer.from(signature, 'hex'))
    if (!matches)
      throw new Refusal({ kind: 'mismatch', accessKeyId: claim.accessKeyId, signature: given ?? '' })
    previous = signature
  }
  return {
    chunk: (sha256, signature) => prove('PAYLOAD', [EMPTY, sha256], signature),
    trailers: (sha256, signature) => prove('TRAILER', [sha256], signature),
  }
}
