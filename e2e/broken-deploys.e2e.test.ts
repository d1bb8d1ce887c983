import { cp, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { ask, repository, Sandbox } from './sandbox.ts'

interface Failed {
  outcome: string
  url?: string
  error: {
    code: string
    message: string
    cause: string
    evidence: string[]
    serving: string
    next: string[]
    exitCode: number
  }
}

let sandbox: Sandbox
beforeAll(async () => {
  sandbox = await Sandbox.open()
})
afterAll(() => sandbox.close())

const cases = [
  { app: 'crash-at-start', code: 'LUC-DEPLOY-CONTAINER-ENDED', evidence: /is not set|missing/i },
  { app: 'loopback-only', code: 'LUC-DEPLOY-LOOPBACK-ONLY', evidence: /127\.0\.0\.1|localhost/ },
  { app: 'build-fails', code: 'LUC-DEPLOY-BUILD-FAILED', evidence: /did not complete successfully/ },
]

test.each(cases)(
  '$app ends with its true outcome and the lines of its own log that say why',
  async ({ app, code, evidence }) => {
    const cwd = await sandbox.app(app)
    const ran = await sandbox.lucree(['deploy', '--local', '--json'], { cwd })
    const failed = ran.json<Failed>()
    expect(ran.code).toBe(7)
    expect(failed).toMatchObject({ outcome: 'failed', error: { code, exitCode: 7 } })
    expect(failed.error.evidence.join('\n')).toMatch(evidence)
    expect(failed.error.evidence.length).toBeLessThanOrEqual(12)
    expect(failed.error.next.length).toBeGreaterThan(0)

    const people = await sandbox.lucree(['deploy', '--local'], { cwd })
    expect(people.code).toBe(7)
    expect(people.stdout).toBe('')
    expect(people.stderr).toMatch(evidence)
    expect(people.stderr).toContain('Next:')
    expect(people.stderr).not.toMatch(/\n\s+at .*\.js:\d+/)
  },
)

test('a broken version that is not taken back is told with what is serving now, and the good one deploys again', async () => {
  const cwd = await sandbox.app('no-expose')
  const good = (await sandbox.lucree(['deploy', '--local', '--json'], { cwd })).json<{
    url: string
    version: string
  }>()
  await cp(join(repository, 'e2e/apps/no-expose/server.js'), join(cwd, 'good.js'))
  await writeFile(join(cwd, 'server.js'), 'throw new Error("broken on purpose")\n')
  const ran = await sandbox.lucree(['deploy', '--local', '--json', '--no-rollback'], { cwd })
  const failed = ran.json<Failed>()
  expect(ran.code).toBe(7)
  expect(failed.error.evidence.join('\n')).toContain('broken on purpose')
  expect(failed.error.serving).toContain(good.version)
  expect((await ask(good.url)).status).toBe(200)
  const mended = await sandbox.lucree(['deploy', '--local', '--json', '--version', good.version], { cwd })
  expect(mended.json()).toMatchObject({ outcome: 'deployed', version: good.version })
})
