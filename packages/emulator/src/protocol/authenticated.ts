import { createHash } from 'node:crypto'
import type { Access } from '../authorization/access.ts'
import type { Claim } from '../http/authorization.ts'
import { Refusal } from '../http/refusal.ts'
import { readBody, serviceTime, type HttpRequest } from '../http/request.ts'
import { checkClaim, verifySignature } from '../http/signature.ts'
import type { Clock } from '../clock.ts'
import type { Caller } from '../services/service.ts'

/** Services of the whole account, not of a region: clients sign for them in `us-east-1`, wherever they are. */
const GLOBAL = new Set(['iam', 'sts'])

/** Who called, and the body that they signed. Throws a {@link Refusal} unless the signature is good, BodyTooLarge past `longest` bytes. */
export async function authenticated(
  request: HttpRequest,
  claim: Claim | undefined,
  { access, region, clock }: { access: Access; region: string; clock: Clock },
  longest: number,
): Promise<{ caller: Caller; body: Buffer }> {
  if (!claim) throw new Refusal({ kind: 'unsigned' })
  const holder = access.holderOf(claim.accessKeyId)
  const home = GLOBAL.has(claim.service) && claim.region === 'us-east-1' ? claim.region : region
  const { credentials, caller } = checkClaim(claim, holder, home, serviceTime(request, clock))
  if (request.headers['x-amz-security-token'] || request.query.has('X-Amz-Security-Token')) {
    throw new Refusal({ kind: 'session-token' })
  }
  const body = await readBody(request.body, longest)
  const payloadHash = createHash('sha256').update(body).digest('hex')
  await verifySignature(request, claim, credentials, payloadHash)
  return { caller, body }
}
