import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { arm, clearFaults } from './armed-faults.ts'
import { makeApp, writeFiles } from './failure-app.ts'
import { heldAt } from './held-process.ts'
import { Sandbox } from './sandbox.ts'

interface Told {
  outcome: string
  version: string
  error: { message: string; cause: string; serving: string | null; next: string[] }
}

let sandbox: Sandbox
let cwd: string
let apps = 0
beforeAll(async () => {
  sandbox = await Sandbox.open()
})
afterAll(() => sandbox.close())
beforeEach(async () => {
  apps += 1
  cwd = await makeApp(sandbox.dir, `early-${apps}`, {})
})

const lucree = (...words: string[]) => sandbox.lucree([...words, '--local', '--json'], { cwd })
const told = async (...words: string[]) => (await lucree(...words)).json<Told>()
const start = (...words: string[]) => sandbox.start([...words, '--local', '--json', '--follow'], { cwd })
const uploads = ({ kind, stage }: Record<string, unknown>) => kind === 'stage-started' && stage === 'Upload'
const releases = async () =>
  (await lucree('releases'))
    .json<{ releases: { number: number; outcome: string }[] }>()
    .releases.map(({ number, outcome }) => `${number} ${outcome}`)

test('Ctrl-C before anything was changed says what serves, or that nothing does, and how to go on', async () => {
  const first = await heldAt(start('deploy'), uploads)
  first.child.kill('SIGINT')
  first.child.kill('SIGCONT')
  const nothing = await first.ends<Told>()
  expect(nothing.code).toBe(130)
  expect(nothing.last.error).toMatchObject({
    message: `Interrupted before early-${apps}-production was changed`,
    cause: 'there is no such environment, so nothing runs and nothing of it is billed',
    next: ['lucree deploy --local   # what was sent is not sent again', 'lucree status --local'],
  })

  const { version } = await told('deploy')
  await writeFiles(cwd, { note: 'changed' })
  const second = await heldAt(start('deploy'), uploads)
  second.child.kill('SIGINT')
  second.child.kill('SIGCONT')
  const { code, last } = await second.ends<Told>()
  expect(code).toBe(130)
  expect(last.error.cause).toBe(`early-${apps}-production is Ready and has version ${version}`)
  expect(last.error.serving).toMatch(new RegExp(`answers 200 from ${version}$`))
  expect(await told('deploy')).toMatchObject({ outcome: 'deployed' })
  await lucree('destroy', '--yes')
})

test('Ctrl-C in a change of properties says which are as before, and its release stays interrupted', async () => {
  await told('deploy')
  await lucree('env', 'set', 'A=first')
  await arm(sandbox.state, 'stuck-updating', { environment: `early-${apps}-production`, times: 1 })
  const change = await heldAt(start('env', 'set', 'A=second', 'B=5'), ({ message }) =>
    String(message).startsWith('Successfully deployed new configuration'),
  )
  change.child.kill('SIGINT')
  change.child.kill('SIGCONT')
  const { code, last } = await change.ends<Told>()
  expect(code).toBe(130)
  expect(last.error.cause).toMatch(
    /^Beanstalk was asked to abort the change; \S+ is Ready and has version \S+; A, B: as before$/,
  )
  expect(last.error.next).toContainEqual(expect.stringMatching(/^lucree env set --local A B\b.*same values/))
  await clearFaults(sandbox.state)
  const value = await sandbox.lucree(['env', 'get', 'A', '--reveal', '--local'], { cwd })
  expect(value.stdout).toBe('first\n')
  expect((await lucree('env', 'set', 'C=3')).code).toBe(0)
  expect(await releases()).toEqual(['4 deployed', '3 interrupted', '2 deployed', '1 deployed'])
  await lucree('destroy', '--yes')
})
