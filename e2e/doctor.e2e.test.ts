import { rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { Sandbox } from './sandbox.ts'

interface Check {
  name: string
  state: 'ok' | 'warning' | 'failed' | 'unknown'
  found: string
  mend: string[]
  code?: string
}
interface Report {
  checks: Check[]
  failed: number
  error?: { code: string; exitCode: number }
}
interface Policy {
  Statement: { Sid: string; Action: string[]; Resource: string | string[] }[]
}

let sandbox: Sandbox
/** Accounts that are running, as the environment variables that lead to them. */
const open = new Set<Record<string, string>>()
beforeAll(async () => {
  sandbox = await Sandbox.open()
})
afterAll(async () => {
  for (const account of open) await close(account)
  await sandbox.close()
})

test('a new account and a source that is well are ready to deploy, line by line', async () => {
  const cwd = await sandbox.app('no-expose')
  const people = await sandbox.lucree(['doctor', '--local'], { cwd })
  expect(people).toMatchObject({ code: 0 })
  expect(people.stdout).toMatch(/^CHECK +STATE +FOUND\n/)
  expect(people.stdout).toContain('Ready to deploy')
  const script = await sandbox.lucree(['doctor', '--local', '--json'], { cwd })
  const { checks, failed } = script.json<Report>()
  expect(failed).toBe(0)
  expect(checks.map(({ name }) => name)).toEqual(
    expect.arrayContaining([
      ...['credentials', 'region', 'clock', 'rights', 'quotas', 'limits', 'network', 'instance profile'],
      ...['service role', 'platform', 'instance type', 'storage', 'environment', 'variables', 'source'],
      ...['bundle', 'base images', 'engine'],
    ]),
  )
  expect(checks.filter(({ state }) => state !== 'ok')).toEqual([])
  // What is used and what is needed are told apart.
  expect(people.stdout).toMatch(/quotas +ok +used: 0 of 75 applications/)
  expect(people.stdout).toMatch(/limits +ok +the environment needs 2 of 32 vCPUs .* and 1 of 5 elastic IP/)
})

test('a source that can’t be deployed fails by name, and the account is looked at all the same', async () => {
  const cwd = await sandbox.app('no-expose')
  await rm(join(cwd, 'Dockerfile'))
  await rm(join(cwd, 'Dockerrun.aws.json'))
  const people = await sandbox.lucree(['doctor', '--local'], { cwd })
  expect(people.code).toBe(4)
  expect(people.stdout).toMatch(/network +ok/)
  expect(people.stdout).toMatch(/bundle +FAILED +There is no Dockerfile/)
  expect(people.stderr).toContain('LUC-SOURCE-NO-DOCKERFILE')
  const script = await sandbox.lucree(['doctor', '--local', '--json'], { cwd })
  expect(script).toMatchObject({ code: 4, stderr: '' })
  expect(script.json<Report>()).toMatchObject({ failed: 1, error: { exitCode: 4 } })
})

test('every refusal of the source is a line, and images of Docker Hub are warned of with their mirror', async () => {
  const cwd = await sandbox.app('no-expose')
  await rm(join(cwd, 'Dockerrun.aws.json'))
  await writeFile(join(cwd, 'Dockerfile'), 'FROM node:24\nCOPY absent.js .\n')
  await writeFile(join(cwd, 'docker-compose.yml'), 'services: {}\n')
  const { checks } = (await sandbox.lucree(['doctor', '--local', '--json'], { cwd })).json<Report>()
  const codes = checks.flatMap(({ state, code }) => (state === 'failed' ? [code] : []))
  expect(codes).toEqual(['LUC-SOURCE-COMPOSE', 'LUC-SOURCE-COPY', 'LUC-SOURCE-NO-PORT'])
  expect(checks.find(({ name }) => name === 'base images')).toMatchObject({
    state: 'warning',
    mend: [expect.stringContaining('public.ecr.aws/docker/library/node:24')],
  })
})

test('a name that another application has, and a variable without a value, are told before a deploy', async () => {
  const first = await sandbox.app('no-expose')
  await sandbox.lucree(['deploy', '--local', '--no-wait', '--environment', 'shared'], { cwd: first })
  const second = await sandbox.app('no-expose')
  await writeFile(
    join(second, 'lucree.json'),
    '{ "application": "other", "env": { "KEY": { "required": true } } }',
  )
  const ran = await sandbox.lucree(['doctor', '--local', '--environment', 'shared', '--json'], {
    cwd: second,
  })
  expect(ran.code).toBe(4)
  expect(ran.json<Report>().checks).toEqual(
    expect.arrayContaining([
      expect.objectContaining({ name: 'environment', state: 'failed', code: 'LUC-ENVIRONMENT-TAKEN' }),
      expect.objectContaining({ name: 'variables', state: 'warning', code: 'LUC-ENV-REQUIRED' }),
    ]),
  )
  expect((await sandbox.lucree(['destroy', '--local', '--yes'], { cwd: first })).code).toBe(0)
})

describe('the least policy', () => {
  let policy: Policy
  beforeAll(async () => {
    // Without an account's number, which each account of these tests has another of.
    const words = ['doctor', '--policy', '--region', 'us-east-1']
    const env = { AWS_EC2_METADATA_DISABLED: 'true' }
    const ran = await sandbox.lucree(words, { cwd: await sandbox.app('no-expose'), env })
    expect(ran).toMatchObject({ code: 0, stderr: '' })
    policy = ran.json<Policy>()
  })

  test('is printed without credentials or a region, ready to be attached', async () => {
    const ran = await sandbox.lucree(['doctor', '--policy'], { env: { AWS_EC2_METADATA_DISABLED: 'true' } })
    expect(ran).toMatchObject({ code: 0, stderr: '' })
    expect(ran.json<Policy>().Statement.length).toBeGreaterThan(5)
    expect(ran.stdout).not.toMatch(/[<>$]/)
  })

  test('is filled in with what is known, and tells in JSON why each right is in it', async () => {
    const cwd = await sandbox.app('no-expose')
    const filled = await sandbox.lucree(['doctor', '--policy', '--local'], { cwd })
    expect(filled.stdout).toMatch(/arn:aws:s3:::elasticbeanstalk-us-east-1-\d{12}\/\*/)
    const document = await sandbox.lucree(['doctor', '--policy', '--local', '--json'], { cwd })
    const { characters, most, rights } = document.json<{
      characters: number
      most: number
      rights: { why: string }[]
    }>()
    expect(characters).toBeLessThanOrEqual(most)
    for (const { why } of rights) expect(why).not.toBe('')
  })

  test('is enough to deploy, to change a variable, to look at everything and to destroy', async () => {
    const account = await accountWith(policy)
    const cwd = await sandbox.app('no-expose')
    for (const words of [
      ...[['doctor'], ['deploy'], ['env', 'set', 'GREETING=hello'], ['env', 'list'], ['status'], ['health']],
      ...[['events'], ['logs'], ['deploy'], ['destroy', '--yes']],
    ]) {
      const ran = await sandbox.lucree([...words, '--local'], { cwd, env: account })
      expect(ran, `${words.join(' ')}: ${ran.stderr}`).toMatchObject({ code: 0 })
    }
    const left = await sandbox.lucree(['destroy', '--local', '--dry-run', '--json'], { cwd, env: account })
    expect(left.json()).toMatchObject({ outcome: 'unchanged' })
    await close(account)
  })

  test(
    'has nothing to spare: a right of any statement that is taken away is named by doctor, and stops a first deploy before anything is made',
    { timeout: 400_000 },
    async () => {
      const samples = policy.Statement.flatMap(({ Sid, Action }) => {
        const action = Action.find((each) => !SPARED.has(each) && !onlyToDestroy(each))
        return action === undefined ? [] : [{ Sid, action }]
      })
      const cwd = await sandbox.app('no-expose')
      await writeFile(join(cwd, 'lucree.json'), '{ "environments": { "web": { "type": "load-balanced" } } }')
      for (const { Sid, action } of samples) {
        const account = await accountWith(without(policy, Sid, action))
        const doctor = await sandbox.lucree(['doctor', '--local', '--json'], { cwd, env: account })
        expect(doctor.code, action).toBe(3)
        const rights = doctor.json<Report>().checks.find(({ code }) => code === 'LUC-ACCOUNT-RIGHTS')
        expect(rights?.found, action).toContain(action.replace('*', ''))
        const deploy = await sandbox.lucree(['deploy', '--local', '--json'], { cwd, env: account })
        expect(deploy.code, action).toBe(3)
        expect(deploy.stdout, action).toContain(action.replace('*', ''))
        expect(await made(cwd, account), action).toEqual([])
        await close(account)
      }
      expect(samples.length).toBeGreaterThan(10)
    },
  )
})

/** AWS allows it to everyone. */
const SPARED = new Set(['sts:GetCallerIdentity'])

function onlyToDestroy(action: string): boolean {
  return /:(Delete|Terminate|Detach|Remove|Release|Disassociate|Revoke)/.test(action)
}

function without(policy: Policy, sid: string, action: string): Policy {
  const Statement = policy.Statement.map((each) =>
    each.Sid === sid ? { ...each, Action: each.Action.filter((other) => other !== action) } : each,
  )
  return { ...policy, Statement: Statement.filter(({ Action }) => Action.length > 0) }
}

/** An account of its own whose only caller has this policy; the environment variables that lead to it. */
async function accountWith(policy: Policy): Promise<Record<string, string>> {
  const dir = join(sandbox.dir, `account-${accounts++}`)
  await writeFile(`${dir}.json`, JSON.stringify(policy))
  const env = { LUCREE_LOCAL_DIR: dir }
  const words = ['local', 'start', '--runtime', 'process', '--account', `narrow-permissions:${dir}.json`]
  const started = await sandbox.lucree(words, { env })
  expect(started, started.stderr).toMatchObject({ code: 0 })
  open.add(env)
  return env
}
let accounts = 0

async function close(env: Record<string, string>): Promise<void> {
  open.delete(env)
  await sandbox.lucree(['local', 'reset', '--yes'], { env })
}

/** What a deploy has made: what destroy would remove. */
async function made(cwd: string, env: Record<string, string>): Promise<unknown[]> {
  const ran = await sandbox.lucree(['destroy', '--local', '--dry-run', '--json'], { cwd, env })
  return ran.json<{ wouldRemove?: unknown[] }>().wouldRemove ?? []
}
