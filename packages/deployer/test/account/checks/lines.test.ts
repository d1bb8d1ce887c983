import { expect, test } from 'vitest'
import { atOnce } from '../../../src/account/checks/at-once.ts'
import { baseImagesResult } from '../../../src/account/checks/base-images.ts'
import { type CheckResult, refuseFailed, refusal, thrownResult } from '../../../src/account/checks/check.ts'
import { principalOf } from '../../../src/account/checks/rights.ts'
import { PermissionError, SourceError } from '../../../src/errors.ts'

test.each([
  ['node:24', 'public.ecr.aws/docker/library/node:24'],
  ['docker.io/library/python:3.13', 'public.ecr.aws/docker/library/python:3.13'],
  ['library/nginx', 'public.ecr.aws/docker/library/nginx'],
])('%s is pulled from Docker Hub, and its mirror is named', (image, mirror) => {
  const { state, mend } = baseImagesResult([image])
  expect(state).toBe('warning')
  expect(mend[0]).toContain(mirror)
})

test('an image of somebody’s own at Docker Hub has no mirror', () => {
  expect(baseImagesResult(['acme/shop:1'])).toMatchObject({
    state: 'warning',
    mend: [expect.stringContaining('ECR')],
  })
})

test.each([
  'public.ecr.aws/docker/library/node:24',
  'gcr.io/distroless/nodejs',
  'localhost:5000/shop',
  '111122223333.dkr.ecr.eu-west-1.amazonaws.com/shop:1',
])('%s has no pull limit of Docker Hub', (image) => {
  expect(baseImagesResult([image]).state).toBe('ok')
})

test('a session is simulated as its role, a user as itself, and a federated user not at all', () => {
  expect(principalOf('arn:aws:iam::111122223333:user/team/ada')).toBe(
    'arn:aws:iam::111122223333:user/team/ada',
  )
  expect(principalOf('arn:aws:sts::111122223333:assumed-role/deploy/ci-7')).toBe(
    'arn:aws:iam::111122223333:role/deploy',
  )
  expect(principalOf('arn:aws-cn:sts::111122223333:assumed-role/deploy/ci')).toBe(
    'arn:aws-cn:iam::111122223333:role/deploy',
  )
  expect(principalOf('arn:aws:iam::111122223333:root')).toBe('root')
  expect(principalOf('arn:aws:sts::111122223333:federated-user/ada')).toBeUndefined()
})

const failed: CheckResult = {
  name: 'network',
  state: 'failed',
  found: 'no VPC',
  mend: ['x'],
  code: 'LUC-ACCOUNT-NO-VPC',
}

test('a failed line ends a command with exit 4, and with 3 when a right is what is missing', () => {
  expect(refusal(failed)).toMatchObject({ exitCode: 4, code: 'LUC-ACCOUNT-NO-VPC', hints: ['x'] })
  expect(refusal({ ...failed, exitCode: 3 })).toBeInstanceOf(PermissionError)
  expect(() => refuseFailed([failed, { ...failed, found: 'no right', exitCode: 3 }])).toThrow('no right')
  expect(() => refuseFailed([{ ...failed, state: 'warning' }])).not.toThrow()
})

test('a check that throws is a line: a refusal of the source fails, anything else leaves the question open', () => {
  const refused = new SourceError('no Dockerfile', { code: 'LUC-SOURCE-NO-DOCKERFILE' })
  expect(thrownResult('bundle', refused)).toMatchObject({ state: 'failed', code: 'LUC-SOURCE-NO-DOCKERFILE' })
  const denied = new PermissionError('ec2:DescribeVpcs is not allowed', { code: 'LUC-AWS-DENIED' })
  expect(thrownResult('network', denied)).toMatchObject({ state: 'unknown' })
  expect(thrownResult('network', new TypeError('x is undefined'))).toMatchObject({
    state: 'unknown',
    why: 'x is undefined',
    code: 'LUC-ACCOUNT-CHECK-BROKE',
  })
})

test('work is done a few at a time, and the answers keep their order', async () => {
  let running = 0
  let most = 0
  const answers = await atOnce(2, [3, 1, 2, 0], async (item) => {
    most = Math.max(most, ++running)
    for (let turn = 0; turn < item; turn++) await Promise.resolve()
    running--
    return item * 10
  })
  expect(answers).toEqual([30, 10, 20, 0])
  expect(most).toBe(2)
})
