import { mkdir, readFile, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { Sandbox } from './sandbox.ts'

const FILES = {
  Dockerfile:
    'FROM public.ecr.aws/docker/library/node:24-slim\nCOPY server.js .\nEXPOSE 8080\nCMD ["node", "server.js"]\n',
  'server.js': "require('node:http').createServer((_, answer) => answer.end('well')).listen(8080)\n",
  '.dockerignore': 'node_modules\n',
  'lucree.json': '{"application": "shop", "build": "echo built >> ../built"}\n',
}

let sandbox: Sandbox
let app: string
beforeAll(async () => {
  sandbox = await Sandbox.open()
  app = join(sandbox.dir, 'shop')
  await mkdir(join(app, 'node_modules'), { recursive: true })
  await writeFile(join(app, 'node_modules/x.js'), '')
  for (const [name, text] of Object.entries(FILES)) await writeFile(join(app, name), text)
})
afterAll(() => sandbox.close())

test('what would ship is listed, for people and for programs, after the build ran', async () => {
  const listed = await sandbox.lucree(['bundle', '--list'], { cwd: app })
  expect(listed.stdout).toMatch(/^ +\d+ {2}0644 {2}server\.js$/m)
  expect(listed.stdout).toMatch(/^node_modules\/ {2}\.dockerignore:1: node_modules$/m)
  expect(await readFile(join(sandbox.dir, 'built'), 'utf8')).toBe('built\n')
  const { files, left } = (await sandbox.lucree(['bundle', '--list', '--json'], { cwd: app })).json<{
    files: { path: string; mode: string }[]
    left: object[]
  }>()
  expect(files.map(({ path, mode }) => `${mode} ${path}`)).toEqual(
    Object.keys(FILES)
      .sort()
      .map((name) => `0644 ${name}`),
  )
  expect(left).toEqual([
    {
      path: 'node_modules',
      kind: 'directory',
      reason: 'rule',
      file: '.dockerignore',
      line: 1,
      rule: 'node_modules',
    },
  ])
})

test('a bundle that was written once is the same version in each environment, and is sent once', async () => {
  const written = await sandbox.lucree(['bundle', '--output', '../shop.zip'], { cwd: app })
  expect(written.code, written.stderr).toBe(0)
  expect(written.stderr).toBe('')
  const inside = await sandbox.lucree(['bundle', '--output', 'shop.zip'], { cwd: app })
  expect(inside.stderr).toMatch(/shop\.zip is in the source, so the next bundle will contain it/)
  await rm(join(app, 'shop.zip'))
  const bare = join(sandbox.dir, 'elsewhere')
  await mkdir(bare)
  await writeFile(join(bare, 'lucree.json'), '{"application": "shop"}\n')
  const promote = async (environment: string) => {
    const words = ['deploy', '--local', '--bundle', '../shop.zip', '-e', environment, '--json']
    const ran = await sandbox.lucree(words, { cwd: bare })
    expect(ran.code, ran.stderr + ran.stdout).toBe(0)
    return ran.json<{ outcome: string; version: string; bundle: { uploadedBytes: number } }>()
  }
  const staging = await promote('shop-staging')
  const production = await promote('shop-production')
  expect([staging.outcome, production.outcome]).toEqual(['deployed', 'deployed'])
  expect(production.version).toBe(staging.version)
  expect(staging.bundle.uploadedBytes).toBeGreaterThan(0)
  expect(production.bundle.uploadedBytes).toBe(0)
})

test('what a deploy would refuse is refused, unless it is only to be listed', async () => {
  await writeFile(join(app, 'docker-compose.yml'), '')
  const refused = await sandbox.lucree(['bundle'], { cwd: app })
  expect(refused.code).toBe(4)
  expect(refused.stderr).toContain('LUC-SOURCE-COMPOSE')
  const listed = await sandbox.lucree(['bundle', '--list'], { cwd: app })
  expect(listed.code).toBe(0)
  expect(listed.stdout).toMatch(/^A deploy would refuse it: docker-compose\.yml/m)
})

test('a configuration file of .ebextensions that is no YAML is warned about, and one that is, is not', async () => {
  const place = join(sandbox.dir, 'extended')
  await mkdir(join(place, '.ebextensions'), { recursive: true })
  await writeFile(join(place, 'Dockerfile'), FILES.Dockerfile)
  await writeFile(join(place, 'server.js'), FILES['server.js'])
  await writeFile(join(place, '.ebextensions/01.config'), 'option_settings: []\n')
  await writeFile(join(place, '.ebextensions/02.config'), 'option_settings:\n  a: b\n bad: [\n')
  const listed = await sandbox.lucree(['bundle', '--list'], { cwd: place })
  expect(listed.code, listed.stderr).toBe(0)
  expect(listed.stderr).toMatch(/02\.config:\d: it is neither YAML nor JSON/)
  expect(listed.stderr).not.toContain('01.config')
})
