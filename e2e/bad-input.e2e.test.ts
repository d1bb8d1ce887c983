import { rename, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { Sandbox } from './sandbox.ts'

let sandbox: Sandbox
beforeAll(async () => {
  sandbox = await Sandbox.open()
})
afterAll(() => sandbox.close())

interface Case {
  what: string
  spoil(app: string): Promise<void>
  words?: string[]
  exit: number
  says: RegExp
}

const cases: Case[] = [
  {
    what: 'no Dockerfile',
    spoil: async (app) => {
      await rm(join(app, 'Dockerfile'))
      await rm(join(app, 'Dockerrun.aws.json'))
    },
    exit: 4,
    says: /Dockerfile/,
  },
  {
    what: 'a Dockerfile in lower case',
    spoil: (app) => rename(join(app, 'Dockerfile'), join(app, 'dockerfile')),
    exit: 4,
    says: /dockerfile[^]*mv|rename/i,
  },
  {
    what: 'a lucree.json that is no JSON',
    spoil: (app) => writeFile(join(app, 'lucree.json'), '{\n  "application": "shop",,\n}\n'),
    exit: 2,
    says: /lucree\.json:2:24|line 2/i,
  },
  {
    what: 'an unknown key',
    spoil: (app) => writeFile(join(app, 'lucree.json'), '{ "aplication": "shop" }\n'),
    exit: 2,
    says: /aplication[^]*application/,
  },
  {
    what: 'an instruction that docker does not know',
    spoil: (app) => writeFile(join(app, 'Dockerfile'), 'FROM node:24-slim\nRUNN true\nEXPOSE 8080\n'),
    exit: 4,
    says: /Dockerfile:2: unknown instruction: RUNN \(did you mean RUN\?\)/,
  },
  {
    what: 'a Dockerfile that only an engine can build',
    spoil: (app) => writeFile(join(app, 'Dockerfile'), 'FROM python:3.13\nCMD ["python"]\n'),
    exit: 4,
    says: /python:3\.13[^]*Start Docker or Podman[^]*--runtime docker/,
  },
  {
    what: 'an environment name that Beanstalk refuses',
    spoil: () => Promise.resolve(),
    words: ['--environment', 'no_underscores'],
    exit: 2,
    says: /no_underscores/,
  },
  {
    what: 'an unknown flag',
    spoil: () => Promise.resolve(),
    words: ['--enviroment', 'production'],
    exit: 2,
    says: /--environment/,
  },
]

test.each(cases)(
  '$what is refused before anything is made, by name and with a way on',
  async ({ words = [], exit, says, ...given }) => {
    const cwd = await sandbox.app('no-expose')
    await given.spoil(cwd)
    const people = await sandbox.lucree(['deploy', '--local', ...words], { cwd })
    expect(people.stderr).toMatch(says)
    expect(people.stderr).not.toMatch(/\n\s+at .*\.js:\d+/)
    expect(people).toMatchObject({ code: exit, stdout: '' })
    const script = await sandbox.lucree(['deploy', '--local', '--json', ...words], { cwd })
    expect(script.stderr).toBe('')
    expect(script.code).toBe(exit)
    expect(script.json()).toMatchObject({ error: { exitCode: exit } })
    const left = await sandbox.lucree(['destroy', '--local', '--dry-run', '--json'], {
      cwd: await sandbox.app('no-expose'),
    })
    expect(left.json()).toMatchObject({ outcome: 'unchanged' })
  },
)

test('a required variable without a value stops before anything is touched', async () => {
  const cwd = await sandbox.app('no-expose')
  await writeFile(join(cwd, 'lucree.json'), '{ "env": { "TOKEN": { "secret": true, "required": true } } }\n')
  const ran = await sandbox.lucree(['deploy', '--local', '--json'], { cwd })
  expect(ran.code).toBe(2)
  expect(ran.json()).toMatchObject({ error: { code: 'LUC-ENV-REQUIRED' } })
  expect((await sandbox.lucree(['status', '--local', '--json'], { cwd })).code).toBe(2)
})
