import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { startEmulator, type Emulator } from '@lucree/emulator'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { ask, Sandbox } from './sandbox.ts'
import { type Call, WireRecorder } from './wire-recorder.ts'

interface Outcome {
  outcome?: string
  url?: string
  error?: { code: string; message: string; cause: string; next: string[]; exitCode: number }
}
interface Policy {
  Statement: { Sid: string; Action: string[] }[]
}
interface Scenario {
  /** Kind of account, with the names of policies below in the place of files. */
  account: string
  /** What lucree.json says of the environment. */
  environment?: object
  /** Words after `deploy`. */
  words?: string[]
  /** Undefined: it ends in a URL that answers. */
  stops?: { exitCode: number; code: string; mend: RegExp }
}

const SCENARIOS: Scenario[] = [
  { account: 'new' },
  { account: 'new', environment: { type: 'load-balanced', minInstances: 2 } },
  { account: 'free-plan' },
  {
    account: 'no-default-vpc',
    stops: { exitCode: 4, code: 'LUC-ACCOUNT-NO-VPC', mend: /lucree deploy --create-default-vpc/ },
  },
  { account: 'no-default-vpc', words: ['--create-default-vpc'] },
  { account: 'no-launch-configurations' },
  { account: 'narrow-permissions:least' },
  {
    account: 'narrow-permissions:without iam:PassRole',
    stops: { exitCode: 3, code: 'LUC-ACCOUNT-RIGHTS', mend: /lucree doctor --policy/ },
  },
  {
    account: 'narrow-permissions:without ec2:RunInstances',
    stops: { exitCode: 3, code: 'LUC-ACCOUNT-RIGHTS', mend: /lucree doctor --policy/ },
  },
  {
    account: 'full',
    stops: { exitCode: 4, code: 'LUC-ACCOUNT-QUOTA', mend: /request-service-quota-increase/ },
  },
  { account: 'retired-platform' },
  { account: 'iam-delay:4000' },
  { account: 'free-plan,no-default-vpc,iam-delay:4000', words: ['--create-default-vpc'] },
]

let sandbox: Sandbox
let policy: Policy
/** A row for each scenario that has ended. */
const table: string[][] = []
beforeAll(async () => {
  sandbox = await Sandbox.open()
  const env = { AWS_EC2_METADATA_DISABLED: 'true' }
  const ran = await sandbox.lucree(['doctor', '--policy', '--region', 'us-east-1'], {
    env,
    cwd: await shop(),
  })
  policy = ran.json<Policy>()
})
afterAll(async () => {
  await sandbox.close()
  print(['account', 'lucree.json', 'lucree deploy', 'exit', 'outcome'], table)
})

describe('the calls of a deploy, by a caller with exactly the least policy', () => {
  let emulator: Emulator
  let wire: WireRecorder
  let cwd: string
  beforeAll(async () => {
    const account = await withPolicyFile('narrow-permissions:least')
    emulator = await startEmulator({ dir: join(sandbox.dir, 'recorded'), runtime: 'process', account })
    wire = await WireRecorder.open(emulator.url)
    cwd = await shop()
  })
  afterAll(async () => {
    await wire.close()
    await emulator.close()
  })

  async function deploy(): Promise<Call[]> {
    const env = { ...leadingTo(emulator), AWS_ENDPOINT_URL: wire.url }
    const { code, stderr } = await sandbox.lucree(['deploy'], { cwd, env })
    expect(code, stderr).toBe(0)
    const calls = wire.take()
    // 403 is the answer to a call that the policy doesn't have.
    expect(calls.filter(({ status }) => status === 403 || status >= 500)).toEqual([])
    return calls
  }

  test('a first one makes what is missing, in this order, and reads what decides that', async () => {
    const calls = await deploy()
    expect(writesOf(calls)).toEqual([
      'elasticbeanstalk:CreateStorageLocation',
      's3:PutObject lock',
      'iam:AddRoleToInstanceProfile',
      'iam:AttachRolePolicy',
      'iam:CreateInstanceProfile',
      'iam:CreateRole',
      'elasticbeanstalk:CreateApplication',
      's3:PutObject bundle',
      'elasticbeanstalk:CreateApplicationVersion',
      's3:PutObject release',
      'elasticbeanstalk:CreateEnvironment',
      'elasticbeanstalk:CreateConfigurationTemplate',
      's3:PutObject release',
    ])
    expect(readsOf(calls)).toEqual([
      'ec2:DescribeInstanceTypeOfferings',
      'ec2:DescribeInstanceTypes',
      'ec2:DescribeRouteTables',
      'ec2:DescribeSubnets',
      'ec2:DescribeVpcs',
      'elasticbeanstalk:DescribeAccountAttributes',
      'elasticbeanstalk:DescribeApplicationVersions',
      'elasticbeanstalk:DescribeApplications',
      'elasticbeanstalk:DescribeConfigurationSettings',
      'elasticbeanstalk:DescribeEnvironments',
      'elasticbeanstalk:DescribeEvents',
      'elasticbeanstalk:DescribeInstancesHealth',
      'elasticbeanstalk:ListPlatformVersions',
      'iam:GetInstanceProfile',
      'iam:GetRole',
      'iam:SimulatePrincipalPolicy',
      's3:GetObject lock',
      's3:HeadBucket',
      's3:HeadObject bundle',
      's3:ListObjects',
      'servicequotas:GetServiceQuota',
      'sts:GetCallerIdentity',
    ])
  })

  test('a second one of the same source reads, and writes nothing', async () => {
    const calls = await deploy()
    expect(writesOf(calls)).toEqual([])
    expect(readsOf(calls)).toEqual([
      'elasticbeanstalk:DescribeApplicationVersions',
      'elasticbeanstalk:DescribeApplications',
      'elasticbeanstalk:DescribeConfigurationSettings',
      'elasticbeanstalk:DescribeEnvironments',
      'elasticbeanstalk:DescribeInstancesHealth',
      's3:GetObject lock',
      's3:GetObject release',
      's3:HeadBucket',
      's3:ListObjects',
      'sts:GetCallerIdentity',
    ])
    expect(calls.length).toBeLessThanOrEqual(20)
  })

  test('one of a changed source sends the bundle, and touches neither roles nor network', async () => {
    await writeFile(join(cwd, 'more.txt'), 'more')
    const calls = await deploy()
    expect(writesOf(calls)).toEqual([
      's3:PutObject lock',
      's3:PutObject bundle',
      'elasticbeanstalk:CreateApplicationVersion',
      's3:PutObject release',
      'elasticbeanstalk:UpdateEnvironment',
      'elasticbeanstalk:CreateConfigurationTemplate',
      's3:PutObject release',
    ])
    expect(readsOf(calls)).toEqual([
      'elasticbeanstalk:DescribeApplicationVersions',
      'elasticbeanstalk:DescribeApplications',
      'elasticbeanstalk:DescribeConfigurationSettings',
      'elasticbeanstalk:DescribeEnvironments',
      'elasticbeanstalk:DescribeEvents',
      'elasticbeanstalk:DescribeInstancesHealth',
      's3:GetObject lock',
      's3:GetObject release',
      's3:HeadBucket',
      's3:HeadObject bundle',
      's3:ListObjects',
      'sts:GetCallerIdentity',
    ])
  })
})

const LOCK = 's3:PutObject lock'
const READS = /:(Describe|Get|List|Head|Simulate)/

/**
 * What changed something, in order. Calls of IAM that follow one another are sorted: two roles are made at once. Repeated ones are told once, and
 * the lock only when it is taken: it is renewed as long as the change takes.
 */
function writesOf(calls: Call[]): string[] {
  const all = calls.map(({ operation }) => operation).filter((operation) => !READS.test(operation))
  const writes = all.filter((operation, at) => operation !== LOCK || at === all.indexOf(LOCK))
  const runs: string[][] = []
  for (const write of writes) {
    const run = runs.at(-1)
    if (write.startsWith('iam:') && run?.[0]?.startsWith('iam:')) run.push(write)
    else if (run?.at(-1) !== write) runs.push([write])
  }
  return runs.flatMap((run) => [...new Set(run)].sort())
}

/** What was asked, each once, sorted: how often the change is looked at depends on how long it takes. */
function readsOf(calls: Call[]): string[] {
  const reads = calls.map(({ operation }) => operation).filter((operation) => READS.test(operation))
  return [...new Set(reads)].sort()
}

describe.concurrent(
  'a first deploy ends in a URL, or stops before it makes anything with cause and mend',
  () => {
    test.each(SCENARIOS)('on an account that is $account: $environment $words', async (scenario) => {
      const { account, environment = {}, words = [], stops } = scenario
      const emulator = await startEmulator({
        dir: join(sandbox.dir, `account-${accounts++}`),
        runtime: 'process',
        account: await withPolicyFile(account),
      })
      try {
        const cwd = await sandbox.app('no-expose')
        const environments = { production: environment }
        await writeFile(join(cwd, 'lucree.json'), JSON.stringify({ application: 'shop', environments }))
        const before = await emulator.inventory()
        const ran = await sandbox.lucree(['deploy', '--json', ...words], {
          cwd,
          env: leadingTo(emulator),
        })
        const { code, stdout } = ran
        const { outcome, url, error } = ran.json<Outcome>()
        const row = [account, JSON.stringify(environment), words.join(' ') || '-', String(code)]
        table.push([...row, error?.code ?? outcome ?? ''])
        if (stops) {
          expect(error, stdout).toMatchObject({ code: stops.code, exitCode: stops.exitCode })
          expect(code).toBe(stops.exitCode)
          expect(error?.cause).not.toBe('')
          expect(error?.next.join('\n')).toMatch(stops.mend)
          expect(await emulator.inventory()).toEqual(before)
        } else {
          expect({ code, outcome }, stdout).toEqual({ code: 0, outcome: 'deployed' })
          expect(await ask(url ?? '')).toMatchObject({ status: 200 })
        }
      } finally {
        await emulator.close()
      }
    })
  },
)
let accounts = 0

/** A source with a project file that says this of its environment. */
async function shop(environment: object = {}): Promise<string> {
  const cwd = await sandbox.app('no-expose')
  const environments = { production: environment }
  await writeFile(join(cwd, 'lucree.json'), JSON.stringify({ application: 'shop', environments }))
  return cwd
}

/** The environment variables of somebody whose AWS is this account. */
function leadingTo({ url, region, credentials }: Emulator): Record<string, string> {
  return {
    AWS_ENDPOINT_URL: url,
    AWS_REGION: region,
    AWS_ACCESS_KEY_ID: credentials.accessKeyId,
    AWS_SECRET_ACCESS_KEY: credentials.secretAccessKey,
  }
}

/** The kind with the file of the policy that it names: the least, or the least without one right. */
async function withPolicyFile(account: string): Promise<string> {
  const [, words] = /^narrow-permissions:(.*)$/.exec(account) ?? []
  if (words === undefined) return account
  const missing = words.replace('without ', '')
  const Statement = policy.Statement.map((statement) => ({
    ...statement,
    Action: statement.Action.filter((action) => action !== missing),
  }))
  const file = join(sandbox.dir, `${words.replace(/\W+/g, '-')}.json`)
  await writeFile(file, JSON.stringify({ ...policy, Statement }))
  return `narrow-permissions:${file}`
}

function print(head: string[], rows: string[][]): void {
  const all = [head, ...rows]
  const widths = head.map((_, column) => Math.max(...all.map((row) => (row[column] ?? '').length)))
  const lines = all.map((row) =>
    row
      .map((cell, column) => cell.padEnd(widths[column] ?? 0))
      .join('  ')
      .trimEnd(),
  )
  console.log(lines.join('\n'))
}
