import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { Sandbox } from '../../e2e/sandbox.ts'
import { allCommands } from './reference/commands.ts'
import { read } from './papers.ts'

/** What is run, in this order, on one application: the page's heading, the words behind `lucree`, and the exit code. */
const RUNS: [heading: string, words: string[], exit: number][] = [
  ['init', ['init', '--yes'], 0],
  ['bundle', ['bundle', '--list', '--output', '../shop.zip'], 0],
  ['doctor', ['doctor', '--local'], 0],
  ['doctor --policy', ['doctor', '--policy', '--local'], 0],
  ['deploy', ['deploy', '--local', '--dry-run'], 0],
  ['deploy', ['deploy', '--local'], 0],
  ['deploy', ['deploy', '--local'], 0],
  ['deploy', ['deploy', '--local', '--bundle', '../shop.zip'], 0],
  ['status', ['status', '--local'], 0],
  ['health', ['health', '--local'], 0],
  ['events', ['events', '--local'], 0],
  ['logs', ['logs', '--local'], 0],
  ['open', ['open', '--local', '--no-browser'], 0],
  ['env set', ['env', 'set', 'LOG_LEVEL=debug', '--local', '--dry-run'], 0],
  ['env set', ['env', 'set', 'LOG_LEVEL=debug', '--local'], 0],
  ['env set', ['env', 'set', 'LOG_LEVEL=debug', '--local'], 0],
  ['env list', ['env', 'list', '--local'], 0],
  ['env get', ['env', 'get', 'LOG_LEVEL', '--local'], 0],
  ['env get', ['env', 'get', 'LOG_LEVEL', '--reveal', '--local'], 0],
  ['env unset', ['env', 'unset', 'LOG_LEVEL', '--local', '--dry-run'], 0],
  ['env unset', ['env', 'unset', 'LOG_LEVEL', '--local'], 0],
  ['releases', ['releases', '--local'], 0],
  ['releases', ['releases', '1', '--local'], 0],
  ['rollback', ['rollback', '2', '--local', '--dry-run'], 0],
  ['rollback', ['rollback', '1', '--local'], 0],
  ['lock', ['lock', '-m', 'a launch', '--local'], 0],
  ['A failure', ['env', 'set', 'LOG_LEVEL=info', '--local'], 9],
  ['unlock', ['unlock', '--local', '--yes'], 0],
  ['unstick', ['unstick', '--local'], 0],
  ['abort', ['abort', '--local'], 0],
  ['local status', ['local', 'status'], 0],
  ['local start', ['local', 'start'], 0],
  ['local env', ['local', 'env'], 0],
  ['local fault arm', ['local', 'fault', 'arm', 'latency:1', '--times', '1'], 0],
  ['local fault list', ['local', 'fault', 'list'], 0],
  ['local fault clear', ['local', 'fault', 'clear'], 0],
  ['destroy', ['destroy', '--local', '--dry-run'], 0],
  ['destroy', ['destroy', '--local', '--yes'], 0],
  ['local stop', ['local', 'stop'], 0],
  ['local reset', ['local', 'reset', '--yes'], 0],
]

/** Commands whose document no run here shows, and why. */
const NOT_RUN = new Map([['console', 'the embedded Beanstalk has no console; the document is that of open']])

/** An application that answers. */
const FILES = {
  Dockerfile:
    'FROM public.ecr.aws/docker/library/node:24-slim\nCOPY server.js .\nEXPOSE 8080\nCMD ["node", "server.js"]\n',
  'server.js': "require('node:http').createServer((_, answer) => answer.end('well')).listen(8080)\n",
}

interface Row {
  key: string
  always: boolean
}

/** The tables of the page, by the heading above them. */
function documented(): Map<string, Row[]> {
  const sections = read('docs/json.md').split(/^## /m).slice(1)
  return new Map(
    sections.flatMap((section) => {
      const rows = [...section.matchAll(/^\| `([^`]+)` \| ([^|]+) \|/gm)].map(([, key = '', there]) => ({
        key,
        always: there === 'always',
      }))
      const commands = section.split('\n', 1)[0]?.split(', ') ?? []
      return commands.map((command) => [command, rows] as const)
    }),
  )
}

/** `{a: [{b: 1}]}` as `a`, `a[].b`: what a program may ask for. */
function keysOf(value: unknown, prefix = ''): string[] {
  if (Array.isArray(value)) return value.flatMap((item) => keysOf(item, `${prefix}[]`))
  if (value === null || typeof value !== 'object') return []
  return Object.entries(value).flatMap(([key, inner]) => {
    const path = prefix === '' ? key : `${prefix}.${key}`
    return [path, ...keysOf(inner, path)]
  })
}

const pages = documented()
let sandbox: Sandbox
let app: string
beforeAll(async () => {
  sandbox = await Sandbox.open()
  app = join(sandbox.dir, 'shop')
  await mkdir(app)
  for (const [name, text] of Object.entries(FILES)) await writeFile(join(app, name), text)
})
afterAll(() => sandbox.close())

describe('docs/json.md has the keys that', () => {
  test.each(RUNS.map(([heading, words, exit]) => ({ heading, line: words.join(' '), words, exit })))(
    'lucree $line --json prints',
    async ({ heading, words, exit }) => {
      const ran = await sandbox.lucree([...words, '--json'], { cwd: app })
      expect(ran.code, ran.stderr + ran.stdout).toBe(exit)
      const printed = new Set(keysOf(ran.json()))
      const rows = pages.get(heading) ?? []
      const inside = (key: string) =>
        rows.some(({ key: row }) => row.endsWith('.*') && key.startsWith(row.slice(0, -1)))
      expect([...printed].filter((key) => !inside(key) && !rows.some((row) => row.key === key))).toEqual([])
      const owed = rows.filter(({ key, always }) => always && !key.includes('[]')).map(({ key }) => key)
      expect(owed.filter((key) => !printed.has(key))).toEqual([])
    },
  )
})

test('docs/json.md has the kinds and keys of the lines of --json --follow, and events --follow has none', async () => {
  const rows = [...read('docs/json.md').matchAll(/^\| (`[a-z-]+`(?:, `[a-z-]+`)*) \| (?!always)(.*) \|$/gm)]
  const kinds = new Map(
    rows.flatMap(([, names = '', keys = '']) => wordsOf(names).map((name) => [name, wordsOf(keys)])),
  )
  const other = join(sandbox.dir, 'followed')
  await mkdir(other)
  for (const [name, text] of Object.entries(FILES)) await writeFile(join(other, name), text)
  const { stdout } = await sandbox.lucree(['deploy', '--local', '--json', '--follow'], { cwd: other })
  const lines = stdout
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as Record<string, unknown>)
  for (const { kind, at, ...line } of lines.slice(0, -1)) {
    expect(at).toMatch(/Z$/)
    expect(kinds.keys()).toContain(kind)
    const planned = kind === 'plan' ? (pages.get('deploy') ?? []).map(({ key }) => key) : []
    expect([...(kinds.get(kind as string) ?? []), ...planned]).toEqual(
      expect.arrayContaining(Object.keys(line)),
    )
  }
  expect(lines.at(-1)).not.toHaveProperty('kind')
  const endless = await sandbox.lucree(['events', '--local', '--json', '--follow'], { cwd: other })
  expect(endless.code).toBe(2)
})

const wordsOf = (text: string): string[] => [...text.matchAll(/`([^`]+)`/g)].map(([, word = '']) => word)

test('every command that prints a document has its section', async () => {
  const names = (await allCommands()).map(({ name }) => name)
  const run = new Set(RUNS.map(([heading]) => heading))
  expect(names.filter((name) => !run.has(name) && !NOT_RUN.has(name))).toEqual([])
  expect([...pages.keys()].filter((heading) => !run.has(heading))).toEqual([])
})
