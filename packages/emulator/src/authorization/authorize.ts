import type { Clock } from '../clock.ts'
import type { Caller } from '../services/service.ts'
import type { Access } from './access.ts'
import type { RequestContext } from './conditions.ts'
import { evaluate, type Decision } from './evaluate.ts'

/** One thing that a caller must be allowed for a request to be carried out. */
export interface Need {
  /** `service:Operation`, as IAM names it. */
  action: string
  /** An ARN, or `*` where the action has no resource of its own. */
  resource: string
  /** Condition keys of this action, beside those of every request. */
  context?: RequestContext
  /** The service does it for the caller, with the caller's rights: it answers the denial in its own words. */
  onBehalf?: boolean
}

/** A caller lacks a right. Each service has its own words for it. */
export class Denied extends Error {
  override readonly name = 'Denied'
  readonly need: Need
  constructor(caller: Caller, need: Need, decision: Decision) {
    super(sentence(caller.arn, need, decision))
    this.need = need
  }
}

/** What the rights of a caller are looked up in. */
export interface Authority {
  access: Access
  region: string
  clock: Clock
}

/** Throws {@link Denied} for the first need that the caller's policies don't allow. */
export function authorize(caller: Caller, needs: readonly Need[], authority: Authority): void {
  const policies = authority.access.policiesOf(caller.arn)
  const common = contextOf(caller, authority)
  for (const need of needs) {
    const { action, resource } = need
    const decision = evaluate(policies, { action, resource, context: { ...common, ...need.context } })
    if (decision !== 'allowed') throw new Denied(caller, need, decision)
  }
}

/** The condition keys that every request has (AWS global condition context keys). */
export function contextOf(caller: Caller, { region, clock }: Omit<Authority, 'access'>): RequestContext {
  const now = clock.now()
  return {
    'aws:PrincipalArn': caller.arn,
    'aws:PrincipalAccount': caller.accountId,
    'aws:PrincipalType': 'User',
    'aws:userid': caller.userId,
    'aws:username': caller.arn.split('/').at(-1),
    'aws:RequestedRegion': region,
    'aws:CurrentTime': now.toISOString(),
    'aws:EpochTime': String(Math.floor(now.getTime() / 1000)),
    'aws:SourceIp': '127.0.0.1',
    // a stand-in for AWS, which is asked over TLS
    'aws:SecureTransport': 'true',
  }
}

/** AWS's sentence (IAM user guide, troubleshooting access denied error messages). */
function sentence(arn: string, { action, resource }: Need, decision: Decision): string {
  const why =
    decision === 'explicitDeny'
      ? 'with an explicit deny in an identity-based policy'
      : `because no identity-based policy allows the ${action} action`
  return `User: ${arn} is not authorized to perform: ${action} on resource: ${resource} ${why}`
}
