import { DeleteApplicationVersionCommand } from '@aws-sdk/client-elastic-beanstalk'
import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { beanstalkOf, inventoryOf } from './local-beanstalk.ts'
import { ask, finished, Sandbox } from './sandbox.ts'

interface Told {
  outcome: string
  url: string
  version: string
  release: number
  undo?: string
  steps: { name: string }[]
  probe?: { requests: number; failed: number; longestGapMs: number }
  restored?: { version: string; release: number | null }
  error?: {
    code: string
    exitCode: number
    cause: string
    evidence: string[]
    serving: string
    next: string[]
  }
}

let sandbox: Sandbox
let cwd: string
beforeEach(async () => {
  sandbox = await Sandbox.open()
  cwd = await sandbox.app('no-expose')
  await serve('one')
})
afterEach(() => sandbox.close())

/** A server that answers its text, and ends at once when the variable BREAK is set. */
async function serve(text: string, before = ''): Promise<void> {
  const server = `
if (process.env.BREAK) throw new Error('BREAK is set')
${before}
const server = require('node:http').createServer((_, response) => response.end('${text}'))
server.listen(3000)
process.on('SIGTERM', () => server.close())
`
  await writeFile(join(cwd, 'server.js'), server)
}

const lucree = (...words: string[]) => sandbox.lucree([...words, '--local', '--json'], { cwd })
const told = async (...words: string[]) => (await lucree(...words)).json<Told>()
const releases = async () =>
  (await lucree('releases')).json<{
    releases: { number: number; outcome: string; cause: { code: string } | null; probe: object | null }[]
  }>().releases

test('a version that fails on a single instance is taken back: exit 6, the old one answers, and the release tells why', async () => {
  const good = await told('deploy')
  expect(good).toMatchObject({ outcome: 'deployed', release: 1 })
  await serve('two', "throw new Error('broken on purpose')")
  const ran = await lucree('deploy')
  expect(ran.code).toBe(6)
  const failed = ran.json<Told>()
  expect(failed).toMatchObject({
    outcome: 'rolled-back',
    release: 2,
    restored: { version: good.version, release: 1 },
    probe: { failed: expect.any(Number) as number },
    error: { code: 'LUC-DEPLOY-CONTAINER-ENDED', exitCode: 6 },
  })
  expect(failed.probe?.requests).toBeGreaterThan(2)
  expect(failed.error?.evidence.join('\n')).toContain('broken on purpose')
  expect(failed.error?.serving).toContain(`200 from ${good.version} (release 1)`)
  expect(await ask(good.url)).toEqual({ status: 200, body: 'one' })
  expect(await told('status')).toMatchObject({ proven: true, version: good.version })
  expect(await releases()).toMatchObject([
    { number: 2, outcome: 'rolled-back', cause: { code: 'LUC-DEPLOY-CONTAINER-ENDED' }, probe: {} },
    { number: 1, outcome: 'deployed', cause: null },
  ])

  const people = await sandbox.lucree(['deploy', '--local'], { cwd })
  expect(people.code).toBe(6)
  expect(people.stdout).toBe('')
  expect(people.stderr).toMatch(/, and was rolled back: .*\[LUC-DEPLOY-CONTAINER-ENDED\]/)
  expect(people.stderr).toMatch(/Serving now: .*\(release 1\); meanwhile \d+ of \d+ requests failed/)
})

test('a change of properties that breaks the application is taken back, with the value that was there before', async () => {
  await told('deploy')
  await told('env', 'set', 'COLOUR=green')
  const ran = await lucree('env', 'set', 'BREAK=yes', 'COLOUR=red')
  expect(ran.code).toBe(6)
  const failed = ran.json<Told>()
  expect(failed).toMatchObject({ outcome: 'rolled-back', release: 3, restored: { release: 2 } })
  expect(failed.error?.evidence.join('\n')).toContain('BREAK is set')
  expect(await ask(failed.url)).toMatchObject({ status: 200 })
  const colour = await sandbox.lucree(['env', 'get', 'COLOUR', '--reveal', '--local'], { cwd })
  expect(colour.stdout).toBe('green\n')
  expect((await lucree('env', 'get', 'BREAK')).code).not.toBe(0)
})

test('a first deploy that fails leaves nothing that is billed; --keep-failed leaves it to look at', async () => {
  await serve('one', "throw new Error('broken on purpose')")
  const ran = await lucree('deploy')
  expect(ran.code).toBe(7)
  const failed = ran.json<Told & { aftermath: object }>()
  expect(failed).toMatchObject({ outcome: 'failed', aftermath: { removed: true } })
  expect(failed.error?.evidence.join('\n')).toContain('broken on purpose')
  expect(failed.error?.serving).toMatch(/the environment was removed .* nothing is billed/)
  expect(failed.error?.next.join('\n')).toMatch(/lucree deploy --local --keep-failed/)
  expect((await lucree('status')).code).toBe(2)

  const kept = await lucree('deploy', '--keep-failed')
  expect(kept.code).toBe(7)
  const unwell = await lucree('status')
  // Looking worked; what a monitor asks for is in the document.
  expect(unwell.code).toBe(0)
  expect(unwell.json()).toMatchObject({ proven: false, version: kept.json<Told>().version })
  await serve('one')
  expect(await told('deploy')).toMatchObject({ outcome: 'deployed', release: 3 })
})

test('with --no-rollback what failed stays, with exit 7 and the command that leads back', async () => {
  const good = await told('deploy')
  await serve('two', "throw new Error('broken on purpose')")
  const ran = await lucree('deploy', '--no-rollback')
  expect(ran.code).toBe(7)
  expect(ran.json<Told>().error?.next).toContainEqual(expect.stringContaining('lucree rollback --local 1'))
  const back = await told('rollback')
  expect(back).toMatchObject({ outcome: 'deployed', version: good.version, release: 3 })
})

test('rollback goes back and forth, to any release that worked, with its properties and without its secrets', async () => {
  const one = await told('deploy')
  await told('env', 'set', 'COLOUR=green', 'API_TOKEN=first-token')
  await serve('two')
  const two = await told('deploy')
  await told('env', 'set', 'COLOUR=red', 'API_TOKEN=second-token')
  const reveal = async (name: string) =>
    (await sandbox.lucree(['env', 'get', name, '--reveal', '--local'], { cwd })).stdout.trim()

  const back = await told('rollback', '2')
  expect(back).toMatchObject({ outcome: 'deployed', version: one.version, release: 5 })
  expect(back.undo).toBe('lucree rollback --local 4')
  expect(await ask(back.url)).toMatchObject({ body: 'one' })
  expect([await reveal('COLOUR'), await reveal('API_TOKEN')]).toEqual(['green', 'second-token'])

  const forth = await told('rollback')
  expect(forth).toMatchObject({ outcome: 'deployed', version: two.version, release: 6 })
  expect([await reveal('COLOUR'), await reveal('API_TOKEN')]).toEqual(['red', 'second-token'])
  expect(await ask(back.url)).toMatchObject({ body: 'two' })

  const secrets = await lucree('rollback', '2', '--with-secrets')
  expect(secrets.code).toBe(2)
  expect(secrets.json()).toMatchObject({ error: { code: 'LUC-ROLLBACK-SECRETS' } })
  const unknown = await lucree('rollback', '77')
  expect(unknown.json()).toMatchObject({ error: { code: 'LUC-RELEASE-UNKNOWN', exitCode: 2 } })
  for (const { stdout, stderr } of [secrets, unknown, await lucree('releases', '4')])
    expect(stdout + stderr).not.toMatch(/first-token|second-token/)
})

test('every success says what requests met meanwhile and how it is undone', async () => {
  const first = await sandbox.lucree(['deploy', '--local'], { cwd })
  expect(first.stdout).toMatch(/\(release 1\)\n(.*\n)*Undo: lucree destroy --local\nhttp/)
  const set = await sandbox.lucree(['env', 'set', 'COLOUR=green', '--local'], { cwd })
  expect(set.stdout).toMatch(/Meanwhile \d+ of \d+ requests failed.*\nUndo: lucree rollback --local 1\nhttp/)
})

test('no undo is promised that does nothing: a secret has no way back but another value, and what is left as it is is named', async () => {
  await told('deploy')
  const undoOf = async (...words: string[]) => (await told(...words)).undo
  expect(await undoOf('env', 'set', 'API_TOKEN=first-token')).toBe('lucree env unset --local API_TOKEN')
  const another = 'lucree env set --local API_TOKEN   # with its earlier value, which is kept nowhere'
  expect(await undoOf('env', 'set', 'API_TOKEN=second-token')).toBe(another)
  expect(await undoOf('env', 'set', 'API_TOKEN=third-token', 'COLOUR=red')).toBe(
    'lucree rollback --local 3   # API_TOKEN stays as it is now',
  )
  expect(await undoOf('env', 'unset', 'API_TOKEN')).toBe(another)
  expect(await undoOf('env', 'unset', 'COLOUR')).toBe('lucree rollback --local 5')
  await serve('two', "throw new Error('broken on purpose')")
  await lucree('deploy', '--no-rollback')
  const back = await told('rollback')
  expect(back).toMatchObject({ outcome: 'deployed', release: 8 })
  expect(back.undo).toBeUndefined()
})

test('while a deploy is under way the others end at once with 9 and name it, or wait for their turn', async () => {
  await told('deploy')
  await serve('two')
  await holdInBuild(6000)
  const first = sandbox.start(['deploy', '--local', '--json'], { cwd })
  const winner = finished(first)
  await underWay()
  let isOver = false
  const over = winner.then(() => (isOver = true))
  const refused = await Promise.all([
    lucree('env', 'set', 'COLOUR=green', 'SIZE=s3cret'),
    lucree('env', 'unset', 'COLOUR'),
    lucree('rollback', '1'),
  ])
  // Nobody who is refused waits for the other's update first.
  expect(isOver).toBe(false)
  const again = [
    'lucree env set --local COLOUR SIZE',
    'lucree env unset --local COLOUR',
    'lucree rollback --local 1',
  ]
  for (const [at, ran] of refused.entries()) {
    const { error } = ran.json<Told>()
    expect(ran.code).toBe(9)
    expect(error).toMatchObject({ code: 'LUC-LOCK-HELD', exitCode: 9 })
    expect(error?.cause).toMatch(/lucree deploy of arn:aws:.* has held the lock since \d{4}-/)
    expect(error?.next[0]).toMatch(new RegExp(`^${again[at]} --lock-wait 10m `))
    expect(ran.stdout + ran.stderr).not.toMatch(/s3cret|waiting until/)
  }
  const waited = await lucree('deploy', '--lock-wait', '1m', '--message', 'after you')
  expect((await winner).json()).toMatchObject({ outcome: 'deployed', release: 2 })
  await over
  // The same content is there by then.
  expect(waited.code).toBe(0)
  expect(waited.json()).toMatchObject({ outcome: 'unchanged', release: 2 })
})

/** Makes every deploy of the application take so long. */
async function holdInBuild(ms: number): Promise<void> {
  const dockerfile = join(cwd, 'Dockerfile')
  const slow = `RUN node -e "setTimeout(() => {}, ${ms})"\nUSER node`
  await writeFile(dockerfile, (await readFile(dockerfile, 'utf8')).replace('USER node', slow))
}

test('env set, env unset and rollback say beforehand what they do and that there will be a gap; with --dry-run nothing is changed', async () => {
  await told('deploy')
  await told('env', 'set', 'COLOUR=green', 'SIZE=large')
  const before = await inventoryOf(sandbox)
  const plan = await told('env', 'set', 'COLOUR=red', 'SIZE=large', 'NEW=1', '--dry-run')
  expect(plan).toMatchObject({
    outcome: 'planned',
    steps: [
      { name: 'set COLOUR', effect: 'restart', reason: 'its value differs' },
      { name: 'set NEW', effect: 'restart', reason: 'it is not set' },
    ],
    outage: expect.stringContaining('the only instance') as string,
    cost: { currency: 'USD' },
    drift: null,
  })
  const keys = ({ bundle: _bundle, ...rest }: Record<string, unknown>) => Object.keys(rest).sort()
  const ofDeploy = keys((await lucree('deploy', '--dry-run')).json())
  const others = [
    await lucree('env', 'unset', 'COLOUR', '--dry-run'),
    await lucree('rollback', '1', '--dry-run'),
    await lucree('env', 'set', 'COLOUR=green', '--dry-run'),
  ]
  for (const ran of others) {
    expect(ran.code).toBe(0)
    expect(keys(ran.json())).toEqual(ofDeploy)
  }
  expect(others.map((ran) => ran.json<Told>().steps.map(({ name }) => name))).toEqual([
    ['unset COLOUR'],
    ['unset COLOUR', 'unset SIZE'],
    [],
  ])
  expect(await inventoryOf(sandbox)).toEqual(before)

  await sandbox.lucree(['lock', '--local'], { cwd })
  expect(await told('env', 'set', 'COLOUR=red', '--dry-run')).toMatchObject({ outcome: 'planned' })
  expect(await told('rollback', '1', '--dry-run')).toMatchObject({ outcome: 'planned' })
  await sandbox.lucree(['unlock', '--local', '--yes'], { cwd })

  const people = await sandbox.lucree(['env', 'set', 'COLOUR=red', '--local'], { cwd })
  expect(people.stderr).toMatch(/Plan for .*:\n +set COLOUR.*\n.*some can go unanswered; the only instance/)
  expect(people.stderr.match(/Plan for/g)).toHaveLength(1)
  const back = await sandbox.lucree(['rollback', '1', '--local'], { cwd })
  expect(back.stderr).toMatch(/Plan for .*:\n +unset COLOUR.*\n +unset SIZE.*\n.*some can go unanswered/)
})

test('a rollback to a version that was removed registers it again of its bundle; without the bundle it says so', async () => {
  const { version } = await told('deploy')
  await serve('two')
  await told('deploy')
  await removed(version)
  const back = await told('rollback', '1')
  expect(back).toMatchObject({ outcome: 'deployed', version, release: 3 })
  expect(back.steps[0]?.name).toBe(`register version ${version} again`)
  expect(await ask(back.url)).toMatchObject({ body: 'one' })

  const { version: second } = await told('rollback', '2')

  await told('deploy', '--version', version)
  await told('deploy', '--version', second)
  await removed(version)
  expect(await told('rollback', '5')).toMatchObject({ outcome: 'deployed', version })

  await told('rollback', '2')
  await removed(version, true)
  const gone = await lucree('rollback', '1')
  expect(gone.code).toBe(2)
  expect(gone.json()).toMatchObject({ error: { code: 'LUC-RELEASE-VERSION-GONE' } })
})

/** Removes a version as somebody does in the console. */
async function removed(version: string, withBundle = false): Promise<void> {
  const client = await beanstalkOf(sandbox)
  const ApplicationName = 'no-expose'
  await client.send(
    new DeleteApplicationVersionCommand({
      ApplicationName,
      VersionLabel: version,
      DeleteSourceBundle: withBundle,
    }),
  )
}

test('releases tell by which command each was made, and the undo goes where the question went', async () => {
  await told('deploy')
  await told('env', 'set', 'COLOUR=green')
  const { stdout } = await sandbox.lucree(['releases', '--local'], { cwd })
  expect(stdout).toMatch(
    /^RELEASE +OUTCOME +COMMAND +VERSION.*\n2 +deployed +env set .*\n1 +deployed +deploy /,
  )
  const one = await sandbox.lucree(['releases', '2', '--local'], { cwd })
  expect(one.stdout).toContain('Undo     lucree rollback --local 1')
})

/** Waits until a release is being made. */
async function underWay(): Promise<void> {
  for (let look = 0; look < 100; look += 1) if ((await releases())[0]?.outcome === 'in-progress') return
  throw new Error('no release began')
}

test('a release that nobody waits for stays in progress until a later command sees how it went', async () => {
  await told('deploy')
  await serve('two')
  expect(await told('deploy', '--no-wait')).toMatchObject({ outcome: 'started', release: 2 })
  expect(await releases()).toMatchObject([{ number: 2, outcome: 'in-progress' }, { number: 1 }])
  expect(await told('deploy')).toMatchObject({ outcome: 'unchanged', release: 2 })
  expect(await releases()).toMatchObject([{ number: 2, outcome: 'deployed' }, { number: 1 }])
})

test('a release whose time was over before its end is told as deployed once a later command has seen that', async () => {
  await told('deploy')
  await serve('two', 'const until = Date.now() + 2500; while (Date.now() < until);')
  const late = await lucree('deploy', '--timeout', '1s')
  expect(late.code).toBe(8)
  expect(late.json<Told>().error?.next.join('\n')).toContain('lucree abort --local')
  expect(await releases()).toMatchObject([{ number: 2, outcome: 'timed-out' }, { number: 1 }])
  expect(await told('deploy')).toMatchObject({ outcome: 'unchanged', release: 2 })
  expect(await releases()).toMatchObject([{ number: 2, outcome: 'deployed' }, { number: 1 }])
})

test('the same change of properties again waits for one whose time was over, and claims nothing that does not work', async () => {
  const slow = 'const until = Date.now() + 2500; while (Date.now() < until);'
  await serve('one', `if (process.env.SLOW) { ${slow} if (process.env.SLOW === 'broken') process.exit(1) }`)
  await told('deploy')
  const late = await lucree('env', 'set', 'SLOW=yes', '--timeout', '1s')
  expect(late.code).toBe(8)
  const next = late.json<Told>().error?.next.join('\n')
  expect(next).toMatch(/^lucree env set --local SLOW --timeout 40m +# with the same value: waits for it/m)
  expect(next).not.toContain('lucree deploy')
  expect(await releases()).toMatchObject([{ number: 2, outcome: 'timed-out' }, { number: 1 }])
  expect(await told('env', 'set', 'SLOW=yes')).toMatchObject({ outcome: 'unchanged', release: 2 })
  expect(await releases()).toMatchObject([{ number: 2, outcome: 'deployed' }, { number: 1 }])

  const broken = ['env', 'set', 'SLOW=broken', '--no-rollback']
  expect((await lucree(...broken, '--timeout', '1s')).code).toBe(8)
  const again = await lucree(...broken)
  expect(again.code, again.stdout).toBe(7)
  expect(again.json<Told>().error?.next.join('\n')).toContain('lucree rollback --local')
})
