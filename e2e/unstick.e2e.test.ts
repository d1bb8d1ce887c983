import { appendFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { ask, finished, Sandbox } from './sandbox.ts'

interface Unstuck {
  outcome: string
  sees: string
  steps: { name: string; outcome: string; loses: string | null }[]
  status: string
  health: string
  serving: string
  error?: { code: string; cause: string; next: string[] }
}

let sandbox: Sandbox
let cwd: string
beforeEach(async () => {
  sandbox = await Sandbox.open()
  cwd = await sandbox.app('no-expose')
})
afterEach(() => sandbox.close())

const lucree = (...words: string[]) => sandbox.lucree([...words, '--local'], { cwd })
const json = async <T>(...words: string[]) => (await lucree(...words, '--json')).json<T>()
const deployed = () => json<{ outcome: string; version: string; url: string }>('deploy')

async function arm(fault: string): Promise<void> {
  expect((await sandbox.lucree(['local', 'fault', 'arm', fault])).code).toBe(0)
}

/** A server that answers its text, with 500 when the variable MODE says so. */
async function serve(text: string, before = ''): Promise<void> {
  const server = `${before}
const { MODE } = process.env
const server = require('node:http').createServer((_, response) => {
  response.statusCode = MODE === 'broken' ? 500 : 200
  response.end('${text}')
})
server.listen(3000)
process.on('SIGTERM', () => server.close())
`
  await writeFile(join(cwd, 'server.js'), server)
}

const stepsOf = ({ steps }: Unstuck) => steps.map(({ name, outcome }) => `${name}: ${outcome}`)

test('a fleet that a failed rolling deploy left mixed is brought back to the last version that worked', async () => {
  await serve('one')
  const environments = { production: { type: 'load-balanced', minInstances: 2, maxInstances: 2 } }
  await writeFile(join(cwd, 'lucree.json'), JSON.stringify({ application: 'fleet', environments }))
  const good = await deployed()
  await serve('two', "throw new Error('broken on purpose')")
  expect((await lucree('deploy', '--policy', 'rolling', '--no-rollback', '--json')).code).toBe(7)

  const plan = await lucree('unstick', '--dry-run')
  expect(plan.stdout).toContain('its instances run different versions')
  expect(plan.stdout).toContain(`deploy ${good.version} again (release 1, the last that worked)`)
  const ran = await lucree('unstick', '--json')
  expect(ran.code).toBe(0)
  expect(ran.json<Unstuck>()).toMatchObject({ outcome: 'working', status: 'Ready', health: 'Green' })
  expect(stepsOf(ran.json())).toEqual(['redeploy: done'])
  const status = await json<{ proven: boolean; instances: { version: string }[] }>('status')
  expect(status.proven).toBe(true)
  expect(status.instances.map(({ version }) => version)).toEqual([good.version, good.version])
})

test('what a bad property broke is restored from the last good release, after a yes', async () => {
  await serve('one')
  const good = await deployed()
  expect((await lucree('env', 'set', 'MODE=broken', '--no-rollback')).code).toBe(7)
  expect((await ask(good.url)).status).toBe(500)

  const unasked = await lucree('unstick', '--json')
  expect(unasked.code).toBe(2)
  const { error, steps } = unasked.json<Unstuck>()
  expect(error).toMatchObject({
    code: 'LUC-USAGE-CONFIRM',
    next: [expect.stringMatching(/^lucree unstick .*--local.* --yes$/)],
  })
  expect(error?.cause).toContain('what was changed since: MODE')
  expect(steps.every(({ loses }) => loses === null)).toBe(true)

  const ran = await lucree('unstick', '--yes')
  expect(ran.code).toBe(0)
  expect(ran.stdout).toMatch(/set the options back to those of release 1: done/)
  expect(await ask(good.url)).toEqual({ status: 200, body: 'one' })
})

test('a stack that takes no change is rebuilt after a yes, although the environment serves, and then deploys work again', async () => {
  await serve('one')
  const good = await deployed()
  await serve('two')
  await arm('stack-failed')
  const failed = await lucree('deploy', '--json')
  expect(failed.code, failed.stdout).toBe(6)
  const { error } = failed.json<Unstuck>()
  expect(error).toMatchObject({ code: 'LUC-DEPLOY-STACK-FAILED' })
  expect(error?.next[0]).toMatch(/^lucree unstick --local/)
  expect(await ask(good.url)).toEqual({ status: 200, body: 'one' })

  const unasked = await lucree('unstick')
  expect(unasked.code).toBe(2)
  expect(unasked.stderr).toMatch(/can’t be changed: .*UPDATE_ROLLBACK_FAILED/)
  const unstuck = await lucree('unstick', '--yes', '--json')
  expect(unstuck.code, unstuck.stdout).toBe(0)
  expect(stepsOf(unstuck.json())).toEqual(['rebuild: done'])
  expect(await ask(good.url)).toEqual({ status: 200, body: 'one' })

  const next = await lucree('deploy', '--json')
  expect(next.code, next.stdout).toBe(0)
  expect(await ask(good.url)).toEqual({ status: 200, body: 'two' })
})

test('an update that hangs while its deploy holds the lock: abort names the owner, with --force it stops it', async () => {
  await serve('one')
  const good = await deployed()
  await serve('two')
  await appendFile(join(cwd, 'Dockerfile'), 'RUN node -e "setTimeout(() => {}, 120000)"\n')
  const deploy = sandbox.start(['deploy', '--local', '--json'], { cwd })
  const ended = finished(deploy)
  const status = async () => (await json<{ status: string }>('status')).status
  await expect.poll(status, { timeout: 30_000, interval: 300 }).toBe('Updating')

  const refused = await lucree('abort')
  expect(refused.code).toBe(9)
  expect(refused.stderr).toMatch(/lucree deploy of .* has held the lock/)
  expect(refused.stderr).toMatch(/Next: lucree abort --local --force/)
  const aborted = await lucree('abort', '--force', '--json')
  expect(aborted.code).toBe(0)
  expect(aborted.json()).toMatchObject({ outcome: 'aborted', status: 'Ready', mixed: false })
  expect((await ended).code).toBe(9)
  expect(await ask(good.url)).toEqual({ status: 200, body: 'one' })

  const nothing = await lucree('abort')
  expect([nothing.code, nothing.stdout.split('\n')[0]]).toEqual([
    0,
    expect.stringContaining('Nothing to abort:'),
  ])
})

test('an environment that was terminated is revived with its id and address after a yes; without one nothing is', async () => {
  await serve('one')
  await deployed()
  const { environmentId } = await json<{ environmentId: string }>('status')
  expect((await lucree('destroy', '--environment', 'no-expose-production', '--yes')).code).toBe(0)
  const unasked = await lucree('unstick')
  expect(unasked.code).toBe(2)
  expect(unasked.stderr).toMatch(/was terminated .* ago; Beanstalk can revive it for 42 days/)
  const revived = await json<Unstuck>('unstick', '--yes')
  expect(stepsOf(revived)).toEqual(['revive: done'])
  const now = await json<{ environmentId: string; url: string; proven: boolean }>('status')
  expect(now).toMatchObject({ environmentId, proven: true })
  expect(await ask(now.url)).toMatchObject({ status: 200, body: 'one' })
})

test('a termination that hangs can’t be helped from here: exit 7, and what to run next', async () => {
  await serve('one')
  await deployed()
  await arm('terminate-hangs')
  const destroy = finished(
    sandbox.start(
      ['destroy', '--environment', 'no-expose-production', '--yes', '--local', '--timeout', '2s'],
      { cwd },
    ),
  )
  expect((await destroy).code).toBe(8)
  const ran = await lucree('unstick', '--stalled-after', '2s', '--json')
  expect(ran.code).toBe(7)
  const { error, sees } = ran.json<Unstuck>()
  expect(sees).toContain('has been Terminating for')
  expect(error?.next[0]).toContain('lucree events --local')
})
