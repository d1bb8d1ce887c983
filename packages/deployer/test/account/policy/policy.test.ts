import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { OWN_CALLS } from '../../../src/account/policy/own-calls.ts'
import { examplesOf, NOWHERE } from '../../../src/account/policy/place.ts'
import {
  actionsByPlace,
  leastPolicy,
  lengthOf,
  MOST_CHARACTERS,
  RIGHTS,
} from '../../../src/account/policy/policy.ts'

const KNOWN = { accountId: '123456789012', region: 'ap-southeast-2', application: 'a'.repeat(100) }

test('the policy fits into a managed policy, filled in with the longest names too', () => {
  expect(lengthOf(leastPolicy(NOWHERE))).toBeLessThanOrEqual(MOST_CHARACTERS)
  expect(lengthOf(leastPolicy(KNOWN))).toBeLessThanOrEqual(MOST_CHARACTERS)
})

test('what is known is filled in, and what is not is a star: nothing is left for an administrator to edit', () => {
  const known = JSON.stringify(leastPolicy({ ...KNOWN, application: 'shop' }))
  expect(known).toContain('"arn:aws:elasticbeanstalk:ap-southeast-2:123456789012:*/shop/*"')
  expect(known).toContain('"arn:aws:s3:::elasticbeanstalk-ap-southeast-2-123456789012/*"')
  const unknown = JSON.stringify(leastPolicy(NOWHERE))
  expect(unknown).toContain('"arn:aws:s3:::elasticbeanstalk-*-*/*"')
  expect(unknown).not.toMatch(/[<>{]\w*(account|region|application)/i)
})

test('a region of China has the ARNs of China', () => {
  const china = JSON.stringify(leastPolicy({ ...KNOWN, region: 'cn-north-1' }))
  expect(china).toContain('arn:aws-cn:s3:::')
  expect(china).not.toContain('arn:aws:')
})

test('no right is given to make or pass a role but the two that an environment has', () => {
  const roles = leastPolicy(KNOWN).Statement.filter(({ Action }) =>
    Action.some((action) => /^iam:(PassRole|CreateRole|AttachRolePolicy)$/.test(action)),
  )
  expect(roles.map(({ Resource }) => Resource)).toEqual([
    [
      'arn:aws:iam::123456789012:role/aws-elasticbeanstalk-ec2-role',
      'arn:aws:iam::123456789012:role/aws-elasticbeanstalk-service-role',
    ],
  ])
})

test('actions are named one by one, so that each can be missed by its name', () => {
  for (const { actions } of RIGHTS)
    for (const action of actions) expect(action).toMatch(/^[a-z0-9]+:[A-Z]\w+$/)
})

test('what is simulated is a thing, not a pattern', () => {
  for (const place of actionsByPlace(RIGHTS).keys()) {
    for (const at of [KNOWN, NOWHERE]) {
      for (const example of examplesOf(place, at)) expect(example).toMatch(/^\*$|^[^*]+$/)
    }
  }
})

test('every call that aws/ makes has its right in the table, and the table has no other', () => {
  const asked = new Set(OWN_CALLS.flatMap(({ actions }) => actions))
  const made = callsOf(join(import.meta.dirname, '../../../src/aws'))
  expect([...made].filter((action) => !asked.has(action)).sort()).toEqual([])
  expect([...asked].filter((action) => !made.has(action) && !IMPLIED.has(action)).sort()).toEqual([])
})

/** Rights that belong to a call of another name: tags given at creation, roles handed over. */
const IMPLIED = new Set(['elasticbeanstalk:AddTags', 'iam:PassRole', 'iam:TagRole', 'iam:TagInstanceProfile'])

/** IAM's name of an action where it isn't the call's. */
const RENAMED: Record<string, string> = {
  's3:DeleteObjects': 's3:DeleteObject',
  's3:HeadBucket': 's3:ListBucket',
  's3:HeadObject': 's3:GetObject',
  's3:ListMultipartUploads': 's3:ListBucketMultipartUploads',
  's3:ListObjectsV2': 's3:ListBucket',
}

const PREFIXES: Record<string, string> = {
  'auto-scaling': 'autoscaling',
  'cloudwatch-logs': 'logs',
  'elastic-beanstalk': 'elasticbeanstalk',
  'elastic-load-balancing-v2': 'elasticloadbalancing',
  'service-quotas': 'servicequotas',
}

/** The actions whose commands and paginators the modules of a directory import. */
function callsOf(dir: string): Set<string> {
  const calls = new Set<string>()
  for (const file of readdirSync(dir).filter((name) => name.endsWith('.ts'))) {
    const source = readFileSync(join(dir, file), 'utf8')
    for (const [, names = '', client = ''] of source.matchAll(
      /import \{([^}]*)\} from '@aws-sdk\/client-([\w-]+)'/g,
    )) {
      for (const name of names.split(',').map((each) => each.trim())) {
        const call = /^(\w+)Command$/.exec(name)?.[1] ?? /^paginate(\w+)$/.exec(name)?.[1]
        if (call === undefined) continue
        const action = `${PREFIXES[client] ?? client}:${call}`
        calls.add(RENAMED[action] ?? action)
      }
    }
    if (source.includes("from '@aws-sdk/lib-storage'"))
      calls.add('s3:PutObject').add('s3:AbortMultipartUpload')
  }
  return calls
}
