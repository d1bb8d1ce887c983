import type { PolicyDocument } from '../../authorization/policy.ts'
import { readPolicy } from '../../authorization/policy.ts'
import managed from './managed/policies.json' with { type: 'json' }
import type { IamState, Role, User } from './state.ts'

/** A managed policy, of AWS's or of the account's own. */
export interface ManagedPolicy {
  name: string
  path: string
  id: string
  arn: string
  version: string
  createdAt: string
  updatedAt: string
  document: string
  description?: string | undefined
}

/**
 * The policies that AWS manages, as far as a Beanstalk needs them (facts sheet §2.1, §2.7). Documents, versions and dates are AWS's own, as of
 * May 2026, taken over from moto 5.2.1 (`moto/iam/aws_managed_policies.py`, Apache 2.0), which collects them from AWS's GetPolicyVersion.
 */
const AWS_POLICIES: readonly ManagedPolicy[] = Object.entries(managed).map(([name, policy], index) => ({
  ...policy,
  name,
  id: `ANPALUCREELOCALAWS${String.fromCharCode(65 + index).repeat(3)}`,
  arn: `arn:aws:iam::aws:policy${policy.path}${name}`,
  document: JSON.stringify(policy.document),
}))

/** Every managed policy that can be attached; AWS's first. */
export function managedPolicies({ policies }: IamState): ManagedPolicy[] {
  const own = policies.map((policy) => ({ ...policy, version: 'v1', updatedAt: policy.createdAt }))
  return [...AWS_POLICIES, ...own]
}

export const findPolicy = (state: IamState, arn: string | undefined): ManagedPolicy | undefined =>
  managedPolicies(state).find((policy) => policy.arn === arn)

export const isAwsOwned = (arn: string): boolean => arn.startsWith('arn:aws:iam::aws:')

/** Every policy of a user or role, read; inline ones first. What was stored has been checked. */
export function policiesOf(state: IamState, { inline, attached }: User | Role): PolicyDocument[] {
  const documents = [
    ...inline.map(({ document }) => document),
    ...attached.flatMap((arn) => findPolicy(state, arn)?.document ?? []),
  ]
  return documents.map((document) => readPolicy(document))
}
