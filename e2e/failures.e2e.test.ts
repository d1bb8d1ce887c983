import { rm } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { arm, clearFaults } from './armed-faults.ts'
import { DOCKERFILE, EARLIER, makeApp, SERVER, writeFiles } from './failure-app.ts'
import type { FailureCase } from './failure-case.ts'
import { CASES } from './failure-cases.ts'
import { beanstalkOf, terminate } from './local-beanstalk.ts'
import { ask, Sandbox } from './sandbox.ts'

interface Document {
  outcome?: string
  url?: string
  version?: string
  error: {
    code: string
    message: string
    cause: string | null
    evidence: string[]
    serving: string | null
    next: string[]
    exitCode: number
  }
}

let sandbox: Sandbox
let beanstalk: Awaited<ReturnType<typeof beanstalkOf>>
/** A row for each failure: what, exit code, named cause, whether it was named, whether it went on afterwards. */
const rows = new Map<string, string[]>(
  CASES.map(({ failure, code }) => [failure, [failure, '', code, 'no', 'no']]),
)
beforeAll(async () => {
  sandbox = await Sandbox.open()
  beanstalk = await beanstalkOf(sandbox)
})
afterAll(async () => {
  await sandbox.close()
  const table = [['failure', 'exit', 'code', 'cause named', 'recovered'], ...rows.values()]
  const widths = table[0]!.map((_, column) => Math.max(...table.map((row) => row[column]!.length)))
  console.log(table.map((row) => row.map((cell, at) => cell.padEnd(widths[at]!)).join('  ')).join('\n'))
})

describe.concurrent(
  'a failure is named with its evidence and the next command, and is gone once it is mended',
  () => {
    test.each(CASES.map((one, number) => ({ ...one, number })))('$failure', async (one) => {
      const name = `case-${one.number}`
      const at = await placeOf(one, name)
      const row = rows.get(one.failure)!
      try {
        const cwd = await makeApp(sandbox.dir, name, {}, one.worked ? one.environment : {})
        const deploy = (...words: string[]) =>
          sandbox.lucree(['deploy', '--local', ...(one.words ?? []), ...words], { cwd, env: at.env })
        const url = one.worked ? (await deploy('--json')).json<Document>().url : undefined

        await spoil(cwd, name, one)
        await armed(one, name, at.state)
        const people = await deploy()
        await armed(one, name, at.state)
        const script = await deploy('--json')
        const { error, outcome } = script.json<Document>()
        row[1] = String(script.code)
        expect(error, script.stdout).toBeDefined()
        row[2] = error.code

        expect(error, script.stdout).toMatchObject({ code: one.code, exitCode: one.exit })
        expect([people.code, script.code], people.stderr).toEqual([one.exit, one.exit])
        expect(`${error.message}: ${error.cause}`).toMatch(one.cause)
        expect(error.next.join('\n')).toMatch(one.next)
        if (one.evidence) expect(error.evidence.join('\n')).toMatch(one.evidence)
        expect(error.evidence.length).toBeLessThanOrEqual(12)
        if (one.worked) expect(error.evidence.join('\n')).not.toContain(EARLIER)
        saysTheSame(people.stderr, error)
        row[3] = 'yes'

        if (url && one.exit === 6) {
          expect(outcome).toBe('rolled-back')
          expect(await ask(url)).toEqual({ status: 200, body: 'served' })
        }
        await mend(cwd, name, one, at.state)
        const mended = await sandbox.lucree(['deploy', '--local', '--json', ...(one.mend?.words ?? [])], {
          cwd,
          env: { ...at.env, ...one.mend?.env },
        })
        expect(mended.code, mended.stdout).toBe(0)
        expect(await ask(mended.json<Document>().url ?? url ?? '')).toMatchObject({ status: 200 })
        row[4] = 'yes'
      } finally {
        await at.close()
      }
    })
  },
)

/** Where the case happens: in the account that all share, or in one of its own kind. */
async function placeOf({ account }: FailureCase, name: string) {
  if (account === undefined)
    return { state: sandbox.state, env: {}, close: () => terminate(beanstalk, `${name}-production`) }
  const state = join(sandbox.dir, `account-of-${name}`)
  const env = { LUCREE_LOCAL_DIR: state, LUCREE_LOCAL_ACCOUNT: account }
  return { state, env, close: () => sandbox.lucree(['local', 'reset', '--yes'], { env }) }
}

async function spoil(
  cwd: string,
  name: string,
  { files = {}, environment = {} }: FailureCase,
): Promise<void> {
  const environments = { production: environment }
  await writeFiles(cwd, { 'lucree.json': JSON.stringify({ application: name, environments }), ...files })
  for (const [path, content] of Object.entries(files)) {
    if (content === undefined) await rm(join(cwd, path))
  }
  // A deploy of what is there already does nothing.
  if (Object.keys(files).length === 0) await writeFiles(cwd, { note: 'another version' })
}

async function armed({ fault, arming }: FailureCase, name: string, state: string): Promise<void> {
  if (fault) await arm(state, fault, { environment: `${name}-production`, ...arming })
}

/** Ends what was wrong: what stays of the spoiled files is used no more. */
async function mend(cwd: string, name: string, one: FailureCase, state: string): Promise<void> {
  // Cases go on side by side: a fault of the same name may be another's.
  if (one.fault) await clearFaults(state, { name: one.fault, environment: `${name}-production` })
  for (const path of Object.keys(one.files ?? {})) await rm(join(cwd, path), { force: true })
  const environments = { production: one.mend?.environment ?? {} }
  await writeFiles(cwd, {
    'lucree.json': JSON.stringify({ application: name, environments }),
    Dockerfile: DOCKERFILE(),
    'server.js': SERVER(),
  })
}

/** Ids, labels and times differ from one run to the next; words don't. */
const words = (text: string) => text.replace(/\d+|\b[0-9a-f]{12,}\b|\bi-\w+|\s+/g, ' ').replace(/ +/g, ' ')

/** What people read holds the cause, what is serving and each next command that programs are given. */
function saysTheSame(stderr: string, { message, cause, serving, next }: Document['error']): void {
  const read = words(stderr)
  for (const said of [cause ?? message, ...next]) expect(read).toContain(words(said))
  if (serving) expect(read).toContain(words(serving).slice(0, 20))
  expect(stderr).not.toMatch(/\n\s+at .*\.js:\d+/)
}
