import type { ChildProcess } from 'node:child_process'
import { afterAll, describe, expect, test } from 'vitest'
import { arm, armedFaults, clearFaults } from './armed-faults.ts'
import { makeApp, writeFiles } from './failure-app.ts'
import { deployHeldAt, type Moment } from './held-process.ts'
import { clientsOf } from './local-beanstalk.ts'
import { orphansOf } from './orphans.ts'
import { applicationsBelow } from './processes.ts'
import { ask, Sandbox } from './sandbox.ts'

const begins = (stage: string): Moment => ({ kind: 'stage-started', stage })
/** What isn't told by a name of its own: the lock is taken behind the plan, the release opened behind the version and closed behind the proof. */
const MOMENTS: Record<string, Moment> = {
  bundle: begins('Bundle'),
  observe: begins('Observe'),
  account: begins('Account'),
  lock: { kind: 'plan' },
  prepare: begins('Prepare'),
  upload: begins('Upload'),
  version: begins('Version'),
  release: { kind: 'stage-done', stage: 'Version' },
  create: begins('Create environment'),
  update: begins('Update environment'),
  follow: begins('Follow'),
  // The proof of the other cases is one look: this one has to hold.
  prove: { ...begins('Prove'), words: ['--steady', '1s'] },
  close: { kind: 'stage-done', stage: 'Prove' },
}
const ALL = Object.keys(MOMENTS)

/** A deploy, and the stages that it has. */
interface Deploy {
  which: 'first' | 'later'
  stages: string[]
}
const DEPLOYS: Deploy[] = [
  { which: 'first', stages: ALL.filter((stage) => stage !== 'update') },
  { which: 'later', stages: ALL.filter((stage) => !['account', 'prepare', 'create'].includes(stage)) },
]

interface Fault {
  fault: string
  happens: (sandbox: Sandbox, deploy: ChildProcess) => Promise<void> | void
  /** How the deploy ends that it happens to at a stage: its exit code, null when it was killed. */
  ends: (stage: string) => number | null
}
/** What AWS's guidance on retries covers: the deploy itself gets over it. */
const onTheWire = (fault: string, armed: string, times: number): Fault => ({
  fault,
  happens: ({ state }) => arm(state, armed, { times }),
  ends: () => 0,
})
const FAULTS: Fault[] = [
  onTheWire('throttle', 'throttle', 4),
  onTheWire('5xx', 'server-error:500', 2),
  onTheWire('dropped connection', 'dropped-connection', 2),
  onTheWire('lost answer', 'lost-answer', 1),
  { fault: 'kill -9 of lucree', happens: (_, deploy) => void deploy.kill('SIGKILL'), ends: () => null },
  {
    fault: 'kill -9 of the emulator',
    happens: async (sandbox) => void process.kill((await sandbox.server()).pid, 'SIGKILL'),
    // A deploy that is proven is done: that its release could not be closed is a warning, and the next command closes it.
    ends: (stage) => (stage === 'close' ? 0 : 5),
  },
]

const GROUPS = DEPLOYS.flatMap((deploy) => FAULTS.map((fault) => ({ ...deploy, ...fault })))
type Group = (typeof GROUPS)[number]

/** What was wrong afterwards of each case that was run; undefined where nothing was. */
const results = new Map<string, string | undefined>()
const caseOf = (which: string, stage: string, fault: string) => `${which}, ${stage}, ${fault}`

afterAll(() => {
  for (const { which, stages } of DEPLOYS) {
    const rows = stages.map((stage) => [
      stage,
      ...FAULTS.map(({ fault }) => {
        const one = caseOf(which, stage, fault)
        return !results.has(one) ? '-' : results.get(one) === undefined ? 'yes' : 'NO'
      }),
    ])
    const table = [[`${which} deploy`, ...FAULTS.map(({ fault }) => fault)], ...rows]
    const widths = table[0]!.map((_, column) => Math.max(...table.map((row) => row[column]!.length)))
    console.log(table.map((row) => row.map((cell, at) => cell.padEnd(widths[at]!)).join('  ')).join('\n'))
  }
  const failed = [...results.values()].filter((wrong) => wrong !== undefined)
  console.log(`Faults at every stage: ${results.size} cases, ${failed.length} failures`)
})

describe.concurrent('the same command converges and leaves nothing over', () => {
  test.each(GROUPS)(
    'whatever the stage at which a $which deploy meets: $fault',
    { timeout: 900_000 },
    async (group) => {
      const sandbox = await Sandbox.open()
      try {
        const cwd = await makeApp(sandbox.dir, 'matrix', {})
        const at = { sandbox, cwd }
        if (group.which === 'later') expect((await deployTo(at)).code).toBe(0)
        for (const stage of group.stages) {
          const wrong = await meet(group, stage, at).then(
            () => undefined,
            (error: Error) => error.message,
          )
          results.set(caseOf(group.which, stage, group.fault), wrong)
        }
      } finally {
        await sandbox.close()
      }
      expect(await applicationsBelow(sandbox.dir)).toEqual([])
      const wrong = group.stages.flatMap((stage) => {
        const said = results.get(caseOf(group.which, stage, group.fault))
        return said === undefined ? [] : [`${stage}: ${said}`]
      })
      expect(wrong).toEqual([])
    },
  )
})

interface At {
  sandbox: Sandbox
  cwd: string
}

const deployTo = ({ sandbox, cwd }: At) => sandbox.lucree(['deploy', '--local', '--json'], { cwd })

/** One case, from an account as the stage wants it to one that is as it was found. Throws what is wrong. */
async function meet({ which, fault, happens, ends }: Group, stage: string, at: At): Promise<void> {
  const { sandbox, cwd } = at
  await writeFiles(cwd, { note: `${which} ${stage} ${fault}` })
  try {
    const held = await deployHeldAt(sandbox, cwd, MOMENTS[stage]!, (child) => happens(sandbox, child))
    expect(held.code, held.heard).toBe(ends(stage))
    if (held.code === 0 && !fault.startsWith('kill')) {
      const untouched = (await armedFaults(sandbox.state)).filter(({ happened }) => happened === 0)
      expect(untouched, 'the fault happened to something').toEqual([])
      await clearFaults(sandbox.state)
    }
    const again = await deployTo(at)
    expect(again.code, again.stdout + again.stderr).toBe(0)
    // A deploy that got over its fault has left nothing to do.
    const outcome = held.code === 0 ? /^unchanged$/ : /^(deployed|unchanged)$/
    expect(again.json()).toMatchObject({ outcome: expect.stringMatching(outcome) })
    expect((await ask(again.json<{ url: string }>().url)).body).toBe('served')
    // Where the server is now: another program may have taken its port when it was killed.
    const clients = await clientsOf(sandbox)
    expect(await orphansOf({ clients, application: 'matrix', state: sandbox.state })).toEqual([])
  } finally {
    if (which === 'first') {
      const destroyed = await sandbox.lucree(['destroy', '--local', '--yes', '--json'], { cwd })
      expect(destroyed.json(), destroyed.stderr).toMatchObject({ left: [] })
    }
  }
}
