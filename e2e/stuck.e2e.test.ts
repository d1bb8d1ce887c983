import { describe, expect, test } from 'vitest'
import { arm, clearFaults } from './armed-faults.ts'
import { makeApp, writeFiles } from './failure-app.ts'
import { ask, Sandbox } from './sandbox.ts'

interface Ended {
  outcome: string
  url: string
  proven: boolean
  error: { code: string; message: string; cause: string; next: string[] }
}
interface Stuck {
  what: string
  faults: string[]
  /** It is the first deploy. */
  isFirst?: true
  /** What is said of it. */
  cause: RegExp
  /** What status tells meanwhile. */
  seen: object
  /** Leads the environment out, once the cause is gone. */
  out?: string[][]
}

const CASES: Stuck[] = [
  {
    what: 'whose events never come and whose update never ends',
    faults: ['events-never', 'stuck-updating'],
    cause: /is still Updating/,
    seen: { status: 'Updating' },
    out: [['abort', '--local']],
  },
  {
    what: 'whose environment stays Updating',
    faults: ['stuck-updating'],
    cause: /is still Updating/,
    seen: { status: 'Updating' },
    out: [['abort', '--local']],
  },
  {
    what: 'whose health stays Grey, because its instances report nothing',
    faults: ['instances-silent'],
    cause: /Beanstalk knows nothing of its health: its instances send no reports/,
    seen: { status: 'Ready', health: 'Grey', proven: false },
  },
  {
    what: 'whose first health stays Grey, because its launch never gets an instance',
    faults: ['stuck-launching'],
    isFirst: true,
    cause: /is still Launching/,
    seen: { status: 'Launching', health: 'Grey' },
    out: [
      ['local', 'stop'],
      ['local', 'start'],
    ],
  },
]

describe.concurrent('a deploy that never comes to an end', () => {
  test.each(CASES)(
    '$what ends at its deadline with 8, is found by status, and finished by the next deploy',
    async ({ faults, isFirst, cause, seen, out = [] }) => {
      const sandbox = await Sandbox.open()
      try {
        const cwd = await makeApp(sandbox.dir, 'stuck', {})
        const lucree = (...words: string[]) => sandbox.lucree([...words, '--local', '--json'], { cwd })
        if (!isFirst) expect((await lucree('deploy')).code).toBe(0)
        await writeFiles(cwd, { note: 'another version' })
        for (const fault of faults) await arm(sandbox.state, fault)
        const began = performance.now()
        const ran = await lucree('deploy', '--timeout', '20s')
        const tookMs = performance.now() - began
        const { outcome, error } = ran.json<Ended>()
        expect(ran.code, ran.stdout).toBe(8)
        expect(outcome).toBe('timed-out')
        expect(error).toMatchObject({ code: 'LUC-DEPLOY-TIMEOUT', cause: expect.stringMatching(cause) })
        expect(error.message).toContain('was not done at the time limit')
        expect(error.next.join('\n')).toMatch(/lucree status --local/)
        expect(error.next.join('\n')).toMatch(/lucree deploy --local --timeout/)
        expect(tookMs).toBeGreaterThan(20_000)
        expect(tookMs).toBeLessThan(60_000)

        const status = await lucree('status')
        expect(status.json()).toMatchObject({ environment: 'stuck-production', ...seen })

        await clearFaults(sandbox.state)
        for (const words of out) expect((await sandbox.lucree(words, { cwd })).code).toBe(0)
        const next = await lucree('deploy')
        expect(next.code, next.stdout + next.stderr).toBe(0)
        const { url, proven } = (await lucree('status')).json<Ended>()
        expect(proven).toBe(true)
        expect((await ask(url)).status).toBe(200)
      } finally {
        await sandbox.close()
      }
    },
  )

  test.each(['events-never', 'health-grey'])(
    '%s alone keeps no deploy from its proof: environment, instances and application tell',
    async (fault) => {
      const sandbox = await Sandbox.open()
      try {
        const cwd = await makeApp(sandbox.dir, 'silent', {})
        await arm(sandbox.state, fault)
        const ran = await sandbox.lucree(['deploy', '--local', '--json'], { cwd })
        expect(ran.code, ran.stdout).toBe(0)
        expect((await ask(ran.json<Ended>().url)).status).toBe(200)
      } finally {
        await sandbox.close()
      }
    },
  )
})
