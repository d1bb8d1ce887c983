import { expect, test } from 'vitest'
import { attaching, makingUser } from '../../../src/account/policy/attaching.ts'
import { NOWHERE } from '../../../src/account/policy/place.ts'
import { leastPolicy, lengthOf } from '../../../src/account/policy/policy.ts'

/** Characters that all inline policies of a user, and of a role, may have together (IAM user guide, IAM and STS quotas). */
const INLINE = { user: 2_048, role: 10_240 }

test('a user gets the policy as a managed one: inline it is too long', () => {
  expect(lengthOf(leastPolicy(NOWHERE))).toBeGreaterThan(INLINE.user)
  for (const arn of ['arn:aws:iam::123456789012:user/dev', 'arn:aws:iam::123456789012:user/team/dev']) {
    const command = attaching(arn)
    expect(command).toContain('aws iam create-policy ')
    expect(command).toContain('aws iam attach-user-policy --user-name dev ')
    expect(command).not.toContain('put-user-policy')
  }
  expect(makingUser('lucree').join('\n')).not.toContain('put-user-policy')
})

test('a role gets it inline, which it has room for', () => {
  expect(lengthOf(leastPolicy(NOWHERE))).toBeLessThanOrEqual(INLINE.role)
  expect(attaching('arn:aws:sts::123456789012:assumed-role/ci/session')).toContain(
    'aws iam put-role-policy --role-name ci --policy-name lucree ',
  )
})

test('of others only an administrator knows how', () => {
  expect(attaching('arn:aws:sts::123456789012:federated-user/dev')).toMatch(
    /# for an administrator to attach$/,
  )
})
