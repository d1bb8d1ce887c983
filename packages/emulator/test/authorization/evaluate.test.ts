import fc from 'fast-check'
import { expect, test } from 'vitest'
import type { RequestContext } from '../../src/authorization/conditions.ts'
import { evaluate } from '../../src/authorization/evaluate.ts'
import { checkPolicy, type PolicyDocument } from '../../src/authorization/policy.ts'

const policy = (...Statement: object[]): PolicyDocument => checkPolicy({ Version: '2012-10-17', Statement })
const allow = (rest: object) => ({ Effect: 'Allow', Action: '*', Resource: '*', ...rest })
const deny = (rest: object) => ({ ...allow(rest), Effect: 'Deny' })
const wish = (action: string, resource = '*', context: RequestContext = {}) => ({ action, resource, context })

test('what nobody allows is denied', () => {
  expect(evaluate([], wish('s3:GetObject'))).toBe('implicitDeny')
  expect(evaluate([policy(allow({ Action: 's3:Put*' }))], wish('s3:GetObject'))).toBe('implicitDeny')
})

test('a deny wins over every allow, wherever it stands', () => {
  const one = fc.constantFrom(allow({}), allow({ Action: 's3:*' }), allow({ Action: 'ec2:*' }))
  fc.assert(
    fc.property(fc.array(one), fc.array(one), (before, after) => {
      const denied = policy(...before, deny({ Action: 's3:Get*' }), ...after)
      expect(evaluate([policy(allow({})), denied], wish('s3:GetObject'))).toBe('explicitDeny')
    }),
  )
})

test('a policy that allows more never denies what a narrower one allowed', () => {
  const action = fc.constantFrom('s3:GetObject', 's3:PutObject', 'ec2:RunInstances', 'iam:PassRole')
  const patterns = fc.array(fc.constantFrom('s3:*', 's3:Get*', 's3:*Object', 'ec2:Run?nstances'), {
    minLength: 1,
  })
  fc.assert(
    fc.property(action, patterns, patterns, (asked, narrow, more) => {
      const was = evaluate([policy(allow({ Action: narrow }))], wish(asked))
      const is = evaluate([policy(allow({ Action: [...narrow, ...more] }))], wish(asked))
      if (was === 'allowed') expect(is).toBe('allowed')
    }),
  )
})

test('NotAction and NotResource speak of everything else', () => {
  const others = policy({ Effect: 'Allow', NotAction: 'iam:*', NotResource: 'arn:aws:s3:::secret/*' })
  expect(evaluate([others], wish('s3:GetObject', 'arn:aws:s3:::open/k'))).toBe('allowed')
  expect(evaluate([others], wish('s3:GetObject', 'arn:aws:s3:::secret/k'))).toBe('implicitDeny')
  expect(evaluate([others], wish('iam:GetRole', 'arn:aws:iam::1:role/r'))).toBe('implicitDeny')
})

test.each([
  [{ StringEquals: { 'iam:PassedToService': 'ec2.amazonaws.com' } }, true],
  [{ StringEquals: { 'IAM:passedtoservice': ['rds.amazonaws.com', 'ec2.amazonaws.com'] } }, true],
  [{ StringEquals: { 'iam:PassedToService': 'rds.amazonaws.com' } }, false],
  [{ StringEquals: { absent: 'x' } }, false],
  [{ StringEqualsIfExists: { absent: 'x' } }, true],
  [{ StringNotEquals: { absent: 'x' } }, true],
  [{ StringLike: { 'iam:PassedToService': 'ec2.*' } }, true],
  [{ ArnLike: { 'ec2:LaunchTemplate': 'arn:aws:ec2:*:*:launch-template/*' } }, true],
  [{ Bool: { 'aws:SecureTransport': true } }, true],
  [{ Null: { absent: 'true' } }, true],
  [{ NumericLessThan: { count: '10' } }, true],
  [{ DateGreaterThan: { 'aws:CurrentTime': '2026-01-01T00:00:00Z' } }, true],
  [{ IpAddress: { 'aws:SourceIp': '127.0.0.0/8' } }, true],
  [{ NotIpAddress: { 'aws:SourceIp': '10.0.0.0/8' } }, true],
  [{ 'ForAllValues:StringEquals': { 'aws:TagKeys': ['a', 'b', 'c'] } }, true],
  [{ 'ForAllValues:StringEquals': { 'aws:TagKeys': ['a'] } }, false],
  [{ 'ForAnyValue:StringEquals': { 'aws:TagKeys': ['b', 'z'] } }, true],
  [{ 'ForAnyValue:StringEquals': { absent: ['b'] } }, false],
  [{ StringLike: { name: 'e*' }, StringEquals: { 'iam:PassedToService': 'x' } }, false],
  [{ StringEquals: { name: '${aws:username}' } }, true],
])('the condition %j holds: %s', (Condition, holds) => {
  const context = {
    'iam:PassedToService': 'ec2.amazonaws.com',
    'ec2:LaunchTemplate': 'arn:aws:ec2:us-east-1:123456789012:launch-template/lt-1',
    'aws:SecureTransport': 'true',
    'aws:CurrentTime': '2026-11-22T00:00:00Z',
    'aws:SourceIp': '127.0.0.1',
    'aws:TagKeys': ['a', 'b'],
    'aws:username': 'eva',
    name: 'eva',
    count: '9',
  }
  const decision = evaluate([policy(allow({ Condition }))], wish('a:B', '*', context))
  expect(decision).toBe(holds ? 'allowed' : 'implicitDeny')
})

test('a resource that names the caller is his own', () => {
  const own = policy(allow({ Resource: 'arn:aws:s3:::home/${aws:username}/*' }))
  const asks = (key: string, context: RequestContext) =>
    evaluate([own], wish('s3:GetObject', `arn:aws:s3:::home/${key}`, context))
  expect(asks('eva/k', { 'aws:username': 'eva' })).toBe('allowed')
  expect(asks('adam/k', { 'aws:username': 'eva' })).toBe('implicitDeny')
  expect(asks('/k', {})).toBe('implicitDeny')
})
