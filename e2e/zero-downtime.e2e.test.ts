import { SwapEnvironmentCNAMEsCommand, type ElasticBeanstalkClient } from '@aws-sdk/client-elastic-beanstalk'
import { setTimeout as delay } from 'node:timers/promises'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { makeApp, SERVER, writeFiles } from './failure-app.ts'
import { beanstalkOf, environmentOf } from './local-beanstalk.ts'
import { Sandbox } from './sandbox.ts'
import { underLoad, type Load } from './steady-load.ts'

interface Deployed {
  outcome: string
  url: string
  version: string
  probe?: { requests: number; failed: number; longestGapMs: number }
}

const FLEET = { type: 'load-balanced', minInstances: 2, maxInstances: 4 }
const ENVIRONMENTS = {
  application: 'fleet',
  environments: {
    ...{ blue: FLEET, green: FLEET, usual: { type: 'load-balanced' } },
    alone: { type: 'load-balanced', minInstances: 1 },
  },
}
/** Says which version it is and which colour it was given. */
const versioned = (name: string) => SERVER(`response.end('${name} ' + (process.env.COLOUR ?? 'plain'))`)

let sandbox: Sandbox
let beanstalk: ElasticBeanstalkClient
let cwd: string
let url: string
const rows: string[] = []
beforeAll(async () => {
  sandbox = await Sandbox.open()
  beanstalk = await beanstalkOf(sandbox)
  cwd = await makeApp(sandbox.dir, 'fleet', {
    'lucree.json': JSON.stringify(ENVIRONMENTS),
    'server.js': versioned('first'),
  })
  const deployed = await lucree('deploy', '-e', 'blue')
  expect(deployed.code, deployed.stdout).toBe(0)
  url = deployed.json<Deployed>().url
})
afterAll(async () => {
  beanstalk.destroy()
  await sandbox.close()
  console.log(['requests on load-balanced environments', ...rows].join('\n'))
})

const lucree = (...words: string[]) => sandbox.lucree([...words, '--local', '--json'], { cwd })

/** Puts load on the address while `work` goes on; keeps its numbers. */
async function during(what: string, work: () => Promise<unknown>, at = url): Promise<Load> {
  const load = await underLoad(at, work)
  const { requests, failures, longestGapMs } = load
  rows.push(`${what}: ${failures.length} of ${requests} failed, longest gap ${longestGapMs} ms`)
  expect(failures).toEqual([])
  return load
}

test('a rolling deploy loses no request, and its result says so too', async () => {
  await writeFiles(cwd, { 'server.js': versioned('second') })
  let deployed: Deployed | undefined
  const load = await during('rolling deploy', async () => {
    deployed = (await lucree('deploy', '-e', 'blue')).json<Deployed>()
  })
  expect(deployed).toMatchObject({ outcome: 'deployed', probe: { failed: 0 } })
  expect(load.bodies).toEqual(['first plain', 'second plain'])
})

test('a rolling change of a property loses no request', async () => {
  let deployed: Deployed | undefined
  const load = await during('rolling option change', async () => {
    deployed = (await lucree('env', 'set', 'COLOUR=green', '-e', 'blue')).json<Deployed>()
  })
  expect(deployed).toMatchObject({ outcome: 'deployed', probe: { failed: 0 } })
  expect(load.bodies).toEqual(['second plain', 'second green'])
})

test('a deploy that fails and is rolled back loses no request, and what was there before serves', async () => {
  await writeFiles(cwd, { 'server.js': `console.error('broken on purpose'); process.exit(1)` })
  let failed: (Deployed & { error: { exitCode: number; serving: string } }) | undefined
  const load = await during('failed deploy with rollback', async () => {
    failed = (await lucree('deploy', '-e', 'blue')).json()
  })
  expect(failed).toMatchObject({ outcome: 'rolled-back', error: { exitCode: 6 }, probe: { failed: 0 } })
  expect(load.bodies).toEqual(['second green'])
})

test('what nobody chose loses no request either: deploy, change of a property, rollback, another instance type', async () => {
  await writeFiles(cwd, { 'server.js': versioned('old') })
  const first = (await lucree('deploy', '-e', 'usual')).json<Deployed>()
  await writeFiles(cwd, { 'server.js': versioned('new') })
  const answered: Record<string, string[]> = {}
  const steps: [string, string[]][] = [
    ['deploy without a policy', ['deploy']],
    ['option change without a policy', ['env', 'set', 'COLOUR=green']],
    ['rollback without a policy', ['rollback', '1']],
  ]
  for (const [what, words] of steps) {
    const work = async () => {
      const ran = await lucree(...words, '-e', 'usual')
      expect(ran.json(), what).toMatchObject({ outcome: 'deployed', probe: { failed: 0 } })
    }
    answered[what] = (await during(what, work, first.url)).bodies
  }
  expect(Object.values(answered)).toEqual([
    ['old plain', 'new plain'],
    ['new plain', 'new green'],
    ['new green', 'old plain'],
  ])

  const usual = { type: 'load-balanced', instanceType: 't3.small' }
  const environments = { ...ENVIRONMENTS.environments, usual }
  await writeFiles(cwd, {
    'lucree.json': JSON.stringify({ ...ENVIRONMENTS, environments }),
    'server.js': versioned('newest'),
  })
  const plan = await lucree('deploy', '--dry-run', '-e', 'usual')
  expect(plan.json()).toMatchObject({ outcome: 'planned', outage: null })
  const replaced = await during(
    'another instance type',
    async () => {
      const ran = await lucree('deploy', '-e', 'usual')
      expect(ran.json(), ran.stdout).toMatchObject({ outcome: 'deployed', probe: { failed: 0 } })
    },
    first.url,
  )
  expect(replaced.bodies).toEqual(['old plain', 'newest plain'])
})

test('a single instance behind a load balancer gets another version without a lost request', async () => {
  await writeFiles(cwd, { 'server.js': versioned('alone') })
  const first = await lucree('deploy', '-e', 'alone')
  expect(first.code, first.stdout).toBe(0)
  const at = first.json<Deployed>().url
  await writeFiles(cwd, { 'server.js': versioned('next') })
  expect((await lucree('deploy', '--dry-run', '-e', 'alone')).json()).toMatchObject({ outage: null })
  let next: Deployed | undefined
  const deploy = async () => (next = (await lucree('deploy', '-e', 'alone')).json<Deployed>())
  const deployed = await during('deploy of one instance behind a load balancer', deploy, at)
  expect(next).toMatchObject({ outcome: 'deployed', probe: { failed: 0 } })
  expect(deployed.bodies).toEqual(['alone plain', 'next plain'])
})

test('a swap with another environment loses no request, and the address leads to the other one', async () => {
  await writeFiles(cwd, { 'server.js': versioned('third') })
  const other = await lucree('deploy', '-e', 'green')
  expect(other.code, other.stdout).toBe(0)
  const [blue, green] = ['fleet-blue', 'fleet-green']
  const load = await during('swap', async () => {
    await delay(500)
    const names = { SourceEnvironmentName: blue, DestinationEnvironmentName: green }
    await beanstalk.send(new SwapEnvironmentCNAMEsCommand(names))
    for (let look = 0; look < 300; look += 1) {
      await delay(100)
      const both = await Promise.all([blue, green].map((name) => environmentOf(beanstalk, name)))
      if (both.every((one) => one?.Status === 'Ready')) break
    }
    await delay(500)
  })
  expect(load.bodies).toEqual(['second green', 'third plain'])
})
