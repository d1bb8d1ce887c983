import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { IgnoreFileError, parseIgnoreFile, type IgnoreFile } from '../../src/index.ts'
import { ignoreCases, type IgnoreCase, type TreeEntry } from '../cases/ignore-cases.ts'

describe('an ignore file', () => {
  test('leaves out what BuildKit leaves out, in every case of the table', () => {
    const cases = ignoreCases().filter(({ context }) => context)
    expect(cases.length).toBeGreaterThan(690)
    for (const { ignore, tree, context } of cases) {
      expect(keptOf(parseIgnoreFile(ignore), tree), JSON.stringify(ignore)).toEqual(context)
    }
  })

  test('is refused where BuildKit refuses it, in its words, and the line is named', () => {
    const cases = ignoreCases().filter(({ refused }) => refused)
    expect(cases.length).toBeGreaterThan(45)
    for (const each of cases) {
      const error = refusalOf(each)
      expect(each.refused, each.ignore).toMatch(new RegExp(`${escape(error.message)}$`))
      expect(trimmed(each.ignore.split('\n')[error.line - 1] as string)).toBe(error.text)
    }
  })

  test('is refused for a line that BuildKit would read in two', () => {
    const line = 'a'.repeat(65_536)
    expect(() => parseIgnoreFile(`b\n${line}\n`)).toThrow('bufio.Scanner: token too long')
    expect(parseIgnoreFile(`b\n${line.slice(1)}\n`).rules).toHaveLength(2)
  })

  test('tells its rules as they are written', () => {
    expect(parseIgnoreFile('\ufeff# comment\n\n  a/ \r\n!./b\n/!c').rules).toEqual([
      { line: 3, text: 'a/', negated: false },
      { line: 4, text: '!./b', negated: true },
      { line: 5, text: '/!c', negated: true },
    ])
  })
})

describe('the rule that left a path out', () => {
  test.each([
    ['the last one that matches', '*.log\nb.*\n*', 'b.log', 3],
    ['one that matches a parent', 'dist\n!dist/*.md', 'dist/a/b.js', 1],
    ['the last one, when a negation stands between', 'a\n!a\na', 'a', 3],
    ['one that matches a parent, although a negation matches the parent too', 'd/x\n!d', 'd/x', 1],
    ['one that closed a directory to the walk', 'x/a\n!x/*/**', 'x/a/b', 1],
  ])('is %s', (_, ignore, path, line) => {
    expect(parseIgnoreFile(ignore).ruleFor(path)?.line).toBe(line)
  })

  test('is none for a path that is kept', () => {
    const file = parseIgnoreFile('*\n!src\nsrc/*.log')
    expect(['src', 'src/a.ts', ''].map((path) => file.ruleFor(path))).toEqual([
      undefined,
      undefined,
      undefined,
    ])
  })
})

describe('pruning', () => {
  test('spares directories in which nothing can be kept', () => {
    const prunes = (ignore: string, directory: string) => parseIgnoreFile(ignore).prunes(directory)
    expect(prunes('node_modules', 'node_modules')).toBe(true)
    expect(prunes('*\n!src/**', 'node_modules')).toBe(true)
    expect(prunes('*\n!*.md', 'node_modules')).toBe(true)
    expect(prunes('**/*.md\n!**/README.md\nnode_modules', 'node_modules')).toBe(true)
    expect(prunes('*\n!src/**', 'src')).toBe(false)
    expect(prunes('*\n!**/README.md', 'node_modules')).toBe(false)
    expect(prunes('dist', 'src')).toBe(false)
  })

  test('never changes what a walk finds', () => {
    fc.assert(
      fc.property(ignoreText, fc.array(path, { maxLength: 20 }), (ignore, paths) => {
        const file = orRefused(() => parseIgnoreFile(ignore))
        const found = file && orRefused(() => paths.filter((each) => !file.ignores(each)))
        // A walk that reads less may end before it comes to the pattern that BuildKit refuses.
        if (!file || !found) return
        const pruned = paths.filter((each) => !parentsOf(each).some((parent) => file.prunes(parent)))
        expect(pruned.filter((each) => !file.ignores(each))).toEqual(found)
      }),
      { numRuns: 2_000 },
    )
  })

  test('never changes what is found in the trees of the table', () => {
    for (const { ignore, tree, context } of ignoreCases()) {
      if (!context) continue
      const file = parseIgnoreFile(ignore)
      const lost = context.filter((each) => parentsOf(each).some((parent) => file.prunes(parent)))
      expect(lost, JSON.stringify([ignore, tree])).toEqual([])
    }
  })
})

describe('the answer', () => {
  test('does not depend on what was asked before', () => {
    fc.assert(
      fc.property(ignoreText, fc.array(path, { minLength: 2, maxLength: 10 }), (ignore, paths) => {
        const file = orRefused(() => parseIgnoreFile(ignore))
        if (!file) return
        for (const each of paths) {
          const alone = orRefused(() => parseIgnoreFile(ignore).ruleFor(each)?.line)
          expect(orRefused(() => file.ruleFor(each)?.line)).toBe(alone)
        }
      }),
    )
  })

  test.each([
    ['many stars', `${'*a'.repeat(30)}*b`],
    ['many double stars', `${'**/a'.repeat(30)}/b`],
    ['many classes', `${'*[ab]'.repeat(30)}c`],
    ['many alternatives', `${'a*|'.repeat(30)}a*b`],
  ])('comes at once for a long name and a pattern of %s', (_, pattern) => {
    const file = parseIgnoreFile(`${pattern}\n!${pattern}`)
    expect(file.ignores('a'.repeat(20_000))).toBe(false)
    expect(file.ignores('a/'.repeat(2_000) + 'a')).toBe(false)
  })

  test('comes at once for a file of blanks', () => {
    expect(parseIgnoreFile(`a${' '.repeat(60_000)}b`).rules).toHaveLength(1)
  })
})

const pieces = [
  '*',
  '**',
  '?',
  '/',
  '/',
  '[ab]',
  '[^a]',
  '[',
  ']',
  '\\',
  '!',
  '.',
  '..',
  '{1}',
  '|',
  '^',
  ' ',
  'a',
  'b',
  'é',
  '😀',
  '\t',
]
const line = fc.array(fc.constantFrom(...pieces), { maxLength: 7 }).map((parts) => parts.join(''))
const ignoreText = fc
  .array(fc.tuple(fc.constantFrom('', '', '!'), line), { maxLength: 5 })
  .map((lines) => lines.map((parts) => parts.join('')).join('\n'))
const name = fc.constantFrom('a', 'b', 'ab', 'é', '😀', '!', 'a.b')
const path = fc.array(name, { minLength: 1, maxLength: 4 }).map((parts) => parts.join('/'))

const keptOf = (file: IgnoreFile, tree: TreeEntry[]): string[] =>
  [...tree, ['Dockerfile', 'f'] as const, ['.dockerignore', 'f'] as const]
    .flatMap(([each, kind]) => (kind === 'd' || file.ignores(each) ? [] : [each]))
    .sort()

const parentsOf = (each: string): string[] =>
  each
    .split('/')
    .slice(0, -1)
    .map((_, index, parts) => parts.slice(0, index + 1).join('/'))

/** Undefined when it is refused; what else is thrown is a fault. */
function orRefused<T>(call: () => T): T | undefined {
  try {
    return call()
  } catch (error) {
    expect(error).toBeInstanceOf(IgnoreFileError)
    return undefined
  }
}

function refusalOf({ ignore, tree }: IgnoreCase): IgnoreFileError {
  try {
    keptOf(parseIgnoreFile(ignore), tree)
  } catch (error) {
    if (error instanceof IgnoreFileError) return error
    throw error
  }
  throw new Error(`taken: ${JSON.stringify(ignore)}`)
}

const escape = (text: string) => text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')
const trimmed = (text: string) => text.replace(/^[\ufeff\s]+|\s+$/g, '')
