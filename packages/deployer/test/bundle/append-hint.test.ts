import { execFile } from 'node:child_process'
import { chmod, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { describe, expect, test } from 'vitest'
import { appendingCommand } from '../../src/bundle/append-hint.ts'
import { bundle, DOCKERFILE, refusal } from './bundled.ts'
import { sourceTree, type Tree } from './source-tree.ts'

const run = promisify(execFile)

describe.each([true, false])(
  'a hint that appends a line works (when the file may be mended: %s)',
  (mayEndLine) => {
    test.each<[string, Tree, string[]]>([
      ['where there is no file', {}, ['a.yml']],
      ['where it is empty', { '.dockerignore': '' }, ['a.yml']],
      ['where its last line has its end', { '.dockerignore': 'x\n' }, ['x', 'a.yml']],
      ['where its last line has none', { '.dockerignore': 'x' }, ['x', 'a.yml']],
      ['where lines end with CRLF, but for the last', { '.dockerignore': 'x\r\ny' }, ['x', 'y', 'a.yml']],
      ['where the file is a link', { '.dockerignore': { link: 'other' }, other: 'x' }, ['x', 'a.yml']],
    ])('%s', async (_, tree, lines) => {
      const directory = await sourceTree(tree)
      const command = appendingCommand({ line: 'a.yml', file: '.dockerignore', directory, mayEndLine })
      await run('sh', ['-c', command], { cwd: directory })
      const text = await readFile(join(directory, '.dockerignore'), 'utf8')
      expect(text.split(/\r?\n/).filter((line) => line !== '')).toEqual(lines)
    })
  },
)

test.each<[string, Tree, boolean]>([
  ['a file', { '.dockerignore': 'x' }, true],
  ['a file whose last line has its end', { '.dockerignore': 'x\n' }, false],
  ['a link', { '.dockerignore': { link: 'other' }, other: 'x' }, false],
  ['UTF-16', { '.dockerignore': 'x\0' }, false],
])('what is appended to %s is one newline or nothing', async (_, tree, isEnded) => {
  const directory = await sourceTree(tree)
  const path = join(directory, '.dockerignore')
  const before = await readFile(path, 'utf8')
  const command = appendingCommand({ line: 'a.yml', file: '.dockerignore', directory, mayEndLine: true })
  expect(await readFile(path, 'utf8')).toBe(isEnded ? `${before}\n` : before)
  expect(command.includes('it has one now')).toBe(isEnded)
})

test('a file that its owner may not write to stays as it is', async () => {
  const directory = await sourceTree({ '.dockerignore': 'x' })
  await chmod(join(directory, '.dockerignore'), 0o444)
  const command = appendingCommand({ line: 'a.yml', file: '.dockerignore', directory, mayEndLine: true })
  expect(command).toBe("printf '\\n%s\\n' a.yml >> .dockerignore")
  expect(await readFile(join(directory, '.dockerignore'), 'utf8')).toBe('x')
})

test('a compose file is left out by the hint, in the ignore file that docker reads', async () => {
  const files = { Dockerfile: DOCKERFILE, 'docker-compose.yml': '' }
  const source = await sourceTree({ ...files, '.dockerignore': 'node_modules', 'node_modules/x': '' })
  const error = await refusal(bundle({}, { source }))
  expect(error.hints[0]).toMatch(/^Leave it out: echo docker-compose\.yml >> \.dockerignore {3}# /)
  await run('sh', ['-c', (error.hints[0] ?? '').replace('Leave it out: ', '')], { cwd: source })
  expect((await bundle({}, { source })).entries.map(({ path }) => path)).toEqual([
    '.dockerignore',
    'Dockerfile',
  ])
  const other = await refusal(bundle({ ...files, 'Dockerfile.dockerignore': 'x\n', '.dockerignore': '' }))
  expect(other.hints).toEqual(['Leave it out: echo docker-compose.yml >> Dockerfile.dockerignore'])
})
