import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import config from '../../eslint.config.js'
import { rooms } from '../../scripts/lint/architecture.js'
import { read, root } from './papers.ts'

const page = read('ARCHITECTURE.md')
/** Rules that hold an invariant of this house, rather than a habit of the language. */
const OURS = /^(lucree\/|no-restricted-|max-lines$|no-warning-comments$)/

/** Names of the rules that the configuration itself sets; presets' are none of them. */
function rulesSet(): Set<string> {
  const blocks = (config as { rules?: Record<string, unknown>; name?: string }[]).filter(
    ({ name }) => name === undefined,
  )
  return new Set(blocks.flatMap(({ rules = {} }) => Object.keys(rules)).filter((rule) => OURS.test(rule)))
}

test('ARCHITECTURE.md names every rule that holds an invariant, and no rule that there isn’t', () => {
  const named = [...page.slice(page.indexOf('## Invariants')).matchAll(/`([a-z/-]+)`/g)].map(
    ([, name = '']) => name,
  )
  expect(new Set(named.filter((name) => OURS.test(name)))).toEqual(rulesSet())
})

test.each(['deployer', 'emulator'])(
  'ARCHITECTURE.md has a line for every room of packages/%s/src',
  (name) => {
    const map = page.slice(page.indexOf(`## Code map of \`packages/${name}/src\``))
    const rooms = readdirSync(join(root, 'packages', name, 'src'), { withFileTypes: true })
    for (const room of rooms) if (room.isDirectory()) expect(map).toContain(`\`${room.name}/\``)
  },
)

test('every file of the deployer that ARCHITECTURE.md names is there', () => {
  const src = join(root, 'packages/deployer/src')
  const files = readdirSync(src, { recursive: true, encoding: 'utf8' })
  const deploy = page.slice(page.indexOf('## One deploy'), page.indexOf('## Code map of `packages/emulator'))
  const named = [...deploy.matchAll(/`(?:packages\/deployer\/src\/)?([a-z-]+(?:\/[a-z-]+)*\.ts)`/g)].map(
    ([, file = '']) => file,
  )
  expect(named.length).toBeGreaterThan(20)
  for (const file of named) expect(files).toContain(file)
})

test('ARCHITECTURE.md says who may import whom as the lint rule has it', () => {
  const table = page.slice(
    page.indexOf('| room | may import |'),
    page.indexOf('## Code map of `packages/emulator'),
  )
  const said = [...table.matchAll(/^\| (`.*`) \| (.*) \|$/gm)].flatMap(([, names = '', reach = '']) =>
    wordsOf(names).map((name) => [name, groundOf(name, reach).concat(wordsOf(reach)).sort()] as const),
  )
  const wanted = Object.entries(rooms.reach as Record<string, string[]>)
  expect(Object.fromEntries(said)).toEqual(
    Object.fromEntries(wanted.map(([name, reach]) => [name, [...reach].sort()])),
  )
})

const wordsOf = (text: string): string[] => [...text.matchAll(/`([^`]+)`/g)].map(([, word = '']) => word)

/** What the sentence above the table grants. */
function groundOf(name: string, reach: string): string[] {
  if (reach === 'nothing at all') return []
  return name === 'report' ? ['errors', 'clock'] : ['errors', 'clock', 'document']
}
