import { once } from 'node:events'
import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { startEmulator } from '@lucree/emulator'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { deployHeldAt } from './held-process.ts'
import { Sandbox } from './sandbox.ts'

interface Destroyed {
  outcome: string
  wouldRemove: { kind: string; name: string }[]
  removed: { kind: string; name: string }[]
  kept: { kind: string; name: string; why: string }[]
  left: { kind: string; name: string; why: string }[]
}

let sandbox: Sandbox
beforeEach(async () => {
  sandbox = await Sandbox.open()
})
afterEach(() => sandbox.close())

const destroy = (cwd: string, ...words: string[]) =>
  sandbox.lucree(['destroy', '--local', '--yes', '--json', ...words], { cwd })

/** All that the account holds, by its own word; the next command starts the server again. */
async function inventory(): Promise<string[]> {
  await sandbox.lucree(['local', 'stop'])
  const emulator = await startEmulator({ dir: sandbox.state, runtime: 'process' })
  try {
    return await emulator.inventory()
  } finally {
    await emulator.close()
  }
}

/** Starts a command, and kills it as soon as it has said `text`. */
async function killAt(words: string[], cwd: string, text: RegExp): Promise<void> {
  const child = sandbox.start(words, { cwd })
  const ended = once(child, 'exit')
  let heard = ''
  child.stdout?.resume()
  child.stderr?.on('data', (chunk: Buffer) => {
    heard += String(chunk)
    if (text.test(heard)) child.kill('SIGKILL')
  })
  await ended
  expect(heard).toMatch(text)
}

test('what deploy made, destroy removes: the account holds again what it held before, to the last thing', async () => {
  const before = await inventory()
  const cwd = await sandbox.app('no-expose')
  expect((await sandbox.lucree(['deploy', '--local', '--json'], { cwd })).code).toBe(0)
  await sandbox.lucree(['logs', '--local'], { cwd })

  const unasked = await sandbox.lucree(['destroy', '--local'], { cwd })
  expect(unasked.code).toBe(2)
  expect(unasked.stderr).toContain('--yes')
  const dry = (await destroy(cwd, '--dry-run')).json<Destroyed>()
  expect(dry).toMatchObject({ outcome: 'planned', removed: [], left: [] })
  expect(dry.wouldRemove.map(({ kind }) => kind)).toEqual(
    expect.arrayContaining([
      'environment',
      'version',
      'object',
      'application',
      'instance-profile',
      'role',
      'bucket',
    ]),
  )
  const people = await sandbox.lucree(['destroy', '--local', '--yes'], { cwd })
  expect(people).toMatchObject({ code: 0 })
  expect(people.stdout).toMatch(/Removed \d+, 0 left\n$/)
  expect(await inventory()).toEqual(before)

  const again = await destroy(cwd)
  expect(again.code).toBe(0)
  expect(again.json<Destroyed>()).toMatchObject({ outcome: 'unchanged', removed: [], left: [] })
})

test('after a first deploy that failed nothing is left either', async () => {
  const before = await inventory()
  const cwd = await sandbox.app('build-fails')
  expect((await sandbox.lucree(['deploy', '--local', '--json'], { cwd })).code).not.toBe(0)
  expect((await destroy(cwd)).json<Destroyed>()).toMatchObject({ outcome: 'destroyed', left: [] })
  expect(await inventory()).toEqual(before)
})

test.each(['Account', 'Upload', 'Create environment', 'Follow'])(
  'after kill -9 of deploy at “%s” destroy finds all of it',
  async (stage) => {
    const before = await inventory()
    const cwd = await sandbox.app('no-expose')
    await killAt(['deploy', '--local'], cwd, new RegExp(stage, 'i'))
    const ran = await destroy(cwd)
    expect(ran).toMatchObject({ code: 0 })
    expect(await inventory()).toEqual(before)
  },
)

test.each(['Terminate', 'Remove application', 'Remove locks'])(
  'kill -9 of destroy at “%s” and the next destroy finishes it',
  async (stage) => {
    const before = await inventory()
    const cwd = await sandbox.app('no-expose')
    await sandbox.lucree(['deploy', '--local', '--json'], { cwd })
    await killAt(['destroy', '--local', '--yes'], cwd, new RegExp(stage))
    expect(await destroy(cwd)).toMatchObject({ code: 0 })
    expect(await inventory()).toEqual(before)
  },
)

test('Ctrl-C ends destroy with 130 and what is left; the next one finishes it', async () => {
  const before = await inventory()
  const cwd = await slowToStop(await sandbox.app('no-expose'))
  await sandbox.lucree(['deploy', '--local', '--json'], { cwd })
  const child = sandbox.start(['destroy', '--local', '--yes'], { cwd })
  let heard = ''
  let pressed = false
  child.stdout?.resume()
  child.stderr?.on('data', (chunk: Buffer) => {
    heard += String(chunk)
    // Once: the second Ctrl-C ends it at once.
    if (!pressed && /terminateEnvironment is starting/.test(heard)) pressed = child.kill('SIGINT')
  })
  const [code] = (await once(child, 'exit')) as [number]
  expect(code).toBe(130)
  expect(heard).toMatch(/environment no-expose-production: its termination has begun/)
  expect(heard).toContain('lucree destroy --local')
  expect(await destroy(cwd)).toMatchObject({ code: 0 })
  expect(await inventory()).toEqual(before)
})

test('a locked environment is not destroyed: exit 9 says by whom and why, nothing is gone, and once it is unlocked all goes', async () => {
  const before = await inventory()
  const cwd = await sandbox.app('no-expose')
  await sandbox.lucree(['deploy', '--local', '--json'], { cwd })
  await sandbox.lucree(['lock', '--local', '-m', 'launch day'], { cwd })
  const deployed = await inventory()
  const refused = await destroy(cwd, '--lock-wait', '10m')
  expect(refused.code).toBe(9)
  const { error } = refused.json<{ error: { code: string; cause: string; next: string[] } }>()
  expect(error).toMatchObject({
    code: 'LUC-LOCK-MANUAL',
    cause: expect.stringContaining('launch day') as string,
  })
  expect(error.next).toEqual(['lucree unlock --local   # when it is no longer wanted'])
  expect(await inventory()).toEqual(deployed)

  expect((await sandbox.lucree(['unlock', '--local', '--yes'], { cwd })).code).toBe(0)
  expect((await destroy(cwd)).json<Destroyed>()).toMatchObject({ outcome: 'destroyed', left: [] })
  expect(await inventory()).toEqual(before)
})

test('destroy during a deploy of somebody else ends at once with 9 and names it; with --lock-wait it waits, and removes all', async () => {
  const before = await inventory()
  const cwd = await sandbox.app('no-expose')
  let waits: Promise<[number | null]> | undefined
  const held = await deployHeldAt(sandbox, cwd, { kind: 'stage-started', stage: 'Follow' }, async () => {
    const refused = await destroy(cwd)
    expect(refused.code).toBe(9)
    const { error } = refused.json<{ error: { code: string; cause: string; next: string[] } }>()
    expect(error.code).toBe('LUC-LOCK-HELD')
    expect(error.cause).toMatch(/^lucree deploy of arn:aws:.* has held the lock since \d{4}-/)
    expect(error.next[0]).toMatch(/^lucree destroy --local --yes --lock-wait 10m /)

    const child = sandbox.start(['destroy', '--local', '--yes', '--lock-wait', '1m'], { cwd })
    waits = once(child, 'exit') as Promise<[number | null]>
    child.stdout?.resume()
    let heard = ''
    child.stderr?.on('data', (chunk: Buffer) => (heard += String(chunk)))
    await expect.poll(() => heard, { timeout: 20_000 }).toContain('Waiting for the lock: lucree deploy of ')
  })
  expect(held.code).toBe(0)
  expect((await waits)?.[0]).toBe(0)
  expect(await inventory()).toEqual(before)
})

test('an environment that lucree.json no longer lists is still looked at and removed by its name, and none is made so', async () => {
  const before = await inventory()
  const cwd = await sandbox.app('no-expose')
  const listing = (...names: string[]) =>
    writeFile(
      join(cwd, 'lucree.json'),
      JSON.stringify({
        application: 'shop',
        environments: Object.fromEntries(names.map((name) => [name, {}])),
      }),
    )
  const lucree = (command: string, environment: string, ...words: string[]) =>
    sandbox.lucree([command, '--local', '--json', '--environment', environment, ...words], { cwd })
  await listing('production', 'staging')
  expect((await lucree('deploy', 'production')).code).toBe(0)
  expect((await lucree('deploy', 'staging')).code).toBe(0)
  await listing('production')

  expect((await lucree('status', 'shop-staging')).json()).toMatchObject({ proven: true })
  expect((await lucree('releases', 'shop-staging')).json()).toMatchObject({ releases: [{ number: 1 }] })
  for (const command of ['status', 'releases', 'events', 'destroy']) {
    const mistyped = await lucree(command, 'prodution', ...(command === 'destroy' ? ['--yes'] : []))
    expect(mistyped.code).toBe(2)
    expect(mistyped.json()).toMatchObject({
      error: {
        code: 'LUC-USAGE-UNKNOWN-ENVIRONMENT',
        next: expect.arrayContaining([expect.stringContaining('--environment production')]) as string[],
      },
    })
  }
  expect((await lucree('deploy', 'shop-staging')).code).toBe(2)
  const gone = await lucree('destroy', 'shop-staging', '--yes')
  expect(gone.json<Destroyed>()).toMatchObject({ outcome: 'destroyed', left: [] })
  expect((await lucree('status', 'shop-staging')).code).toBe(2)
  expect((await lucree('status', 'production')).json()).toMatchObject({ proven: true })
  expect(await destroy(cwd)).toMatchObject({ code: 0 })
  expect(await inventory()).toEqual(before)
})

/** An application that takes three seconds to end, so that there is time to interrupt its termination. */
async function slowToStop(cwd: string): Promise<string> {
  const file = join(cwd, 'server.js')
  const server = await readFile(file, 'utf8')
  const stop = "process.on('SIGTERM', () => server.close())"
  await writeFile(
    file,
    server.replace(stop, "process.on('SIGTERM', () => setTimeout(() => process.exit(0), 3000))"),
  )
  return cwd
}
