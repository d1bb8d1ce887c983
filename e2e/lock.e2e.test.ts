import { afterEach, beforeEach, expect, test } from 'vitest'
import { finished, Sandbox } from './sandbox.ts'

let sandbox: Sandbox
beforeEach(async () => {
  sandbox = await Sandbox.open()
})
afterEach(() => sandbox.close())

const target = ['--local', '--environment', 'shop-production']

test('an environment that is locked by hand stays locked for everybody until it is unlocked, and says by whom and why', async () => {
  const ci = { CI_JOB_URL: 'https://ci.example.org/jobs/9' }
  const locked = await sandbox.lucree(['lock', '-m', 'launch day', ...target, '--json'], { env: ci })
  expect(locked.code).toBe(0)
  expect(locked.json()).toMatchObject({
    environment: 'shop-production',
    outcome: 'locked',
    lock: { kind: 'manual', message: 'launch day', ciUrl: ci.CI_JOB_URL },
  })

  const refused = await sandbox.lucree(['lock', ...target, '--lock-wait', '10m'])
  expect(refused.code).toBe(9)
  expect(refused.stderr).toMatch(/shop-production is locked: arn:aws:.* locked it by hand .*launch day/)
  expect(refused.stderr).toContain(`CI run: ${ci.CI_JOB_URL}`)
  expect(refused.stderr).toMatch(/Next: lucree unlock --local --environment shop-production/)

  const unasked = await sandbox.lucree(['unlock', ...target])
  expect(unasked.code).toBe(2)
  expect(unasked.stderr).toContain('launch day')
  const opened = await sandbox.lucree(['unlock', ...target, '--yes', '--json'])
  expect(opened.json()).toMatchObject({ outcome: 'unlocked', lock: { message: 'launch day' } })
  const again = await sandbox.lucree(['unlock', ...target])
  expect([again.code, again.stdout]).toEqual([0, 'shop-production is not locked\n'])
})

test('of two that lock at the same moment one wins, every time, also where no bucket is yet', async () => {
  for (let round = 0; round < 4; round += 1) {
    const pair = [1, 2].map(() => finished(sandbox.start(['lock', ...target, '--json'])))
    const codes = (await Promise.all(pair)).map(({ code }) => code)
    expect(codes.sort()).toEqual([0, 9])
    expect((await sandbox.lucree(['unlock', ...target, '--yes'])).code).toBe(0)
  }
})

test('releases of an environment that never had one are none, and asking makes nothing', async () => {
  const listed = await sandbox.lucree(['releases', ...target, '--json'])
  expect(listed.code).toBe(0)
  expect(listed.json()).toMatchObject({ environment: 'shop-production', releases: [], unreadable: [] })
  const said = await sandbox.lucree(['releases', ...target])
  expect(said.stdout).toBe('shop-production has no releases yet\n')
  const unknown = await sandbox.lucree(['releases', '7', ...target])
  expect(unknown.code).toBe(2)
  expect(unknown.stderr).toContain('There is no release 7 of shop-production')
})
