import { expect, test } from 'vitest'
import { translate } from '../../src/aws/translate-error.ts'
import { CloudError, PermissionError } from '../../src/errors.ts'

const aws = { region: 'us-east-1' }
const local = { region: 'us-east-1', endpoint: 'http://127.0.0.1:4780' }
const named = (name: string, more: object = {}) => Object.assign(new Error('said'), { name, ...more })

test.each([
  'ExpiredToken',
  'CredentialsProviderError',
  'SignatureDoesNotMatch',
  'AccessDenied',
  'InsufficientPrivilegesException',
])('%s is a matter of permission, exit code 3', (name) => {
  const error = translate(aws, 'CreateEnvironment', named(name))
  expect(error).toBeInstanceOf(PermissionError)
  expect(error.exitCode).toBe(3)
  expect(error.hints.length).toBeGreaterThan(0)
})

test.each([
  named('Throttling'),
  named('InternalFailure', { $fault: 'server' }),
  named('ServiceUnavailable', { $metadata: { httpStatusCode: 503 } }),
  named('Error', { code: 'ECONNRESET' }),
])('$name may pass, so a wait goes on', (thrown) => {
  expect(translate(aws, 'DescribeEvents', thrown)).toMatchObject({ transient: true, exitCode: 5 })
})

test('a refusal carries the service’s own words, and asking again is not worth it', () => {
  const error = translate(aws, 'CreateEnvironment', named('InvalidParameterValue'))
  expect(error).toBeInstanceOf(CloudError)
  expect(error).toMatchObject({ transient: false, why: 'said', code: 'LUC-AWS-InvalidParameterValue' })
})

test('a denied call names the right that is missing, as a policy spells it, and how to get it', () => {
  const message =
    'User: arn:aws:iam::111122223333:user/ada is not authorized to perform: iam:CreateRole on resource: arn:aws:iam::111122223333:role/x because no identity-based policy allows the iam:CreateRole action'
  const error = translate(aws, 'CreateRole', Object.assign(new Error(message), { name: 'AccessDenied' }))
  expect(error).toMatchObject({ message: 'iam:CreateRole is not allowed', why: message, exitCode: 3 })
  expect(error.hints[0]).toContain('lucree doctor --policy')
})

test('EC2 spells a denied call its own way and it means the same', () => {
  const message =
    'You are not authorized to perform this operation. User: arn:aws:iam::111122223333:user/ada is not authorized to perform: ec2:DescribeVpcs because no identity-based policy allows the ec2:DescribeVpcs action'
  const thrown = Object.assign(new Error(message), { name: 'UnauthorizedOperation' })
  expect(translate(aws, 'DescribeVpcs', thrown)).toMatchObject({
    message: 'ec2:DescribeVpcs is not allowed',
    exitCode: 3,
  })
})

test('a bucket that S3 closes without a word may be somebody else’s, and that is said', () => {
  const error = translate(
    aws,
    'HeadObject',
    named('403', { message: 'UnknownError', $metadata: { httpStatusCode: 403 } }),
  )
  expect(error).toMatchObject({ message: 'HeadObject is not allowed', exitCode: 3 })
  expect(error.why).toContain('another account')
})

test('an embedded Beanstalk that refuses connections is gone: the next command is named rather than waited for', () => {
  const error = translate(
    local,
    'DescribeEvents',
    named('AggregateError', { errors: [named('Error', { code: 'ECONNREFUSED' })] }),
  )
  expect(error).toMatchObject({ code: 'LUC-LOCAL-GONE', transient: false, exitCode: 5 })
  expect(error.hints[0]).toContain('lucree deploy --local')
})

test('a name that no region has, and that no server answers to, is a usage error with the nearest name', () => {
  const lost = named('Error', { code: 'ENOTFOUND' })
  expect(translate({ region: 'eu-centrl-1' }, 'GetCallerIdentity', lost)).toMatchObject({
    message: 'There is no AWS region "eu-centrl-1"',
    why: 'did you mean eu-central-1?',
    exitCode: 2,
  })
  expect(translate(aws, 'GetCallerIdentity', lost)).toMatchObject({
    code: 'LUC-AWS-UNREACHABLE',
    exitCode: 5,
  })
})

test('a bare 403 of S3 names both of its causes', () => {
  const bare = named('UnknownError', { $metadata: { httpStatusCode: 403 } })
  expect(translate(aws, 'HeadBucket', bare)).toMatchObject({
    code: 'LUC-AWS-DENIED',
    exitCode: 3,
    why: expect.stringContaining('belongs to another account') as string,
  })
})

test('a signature that came too late is a matter of the clock, not of the key', () => {
  const late = Object.assign(new Error('Signature expired: 20261122T000000Z is now earlier than'), {
    name: 'SignatureDoesNotMatch',
  })
  expect(translate(aws, 'GetCallerIdentity', late).why).toContain('clock')
})
