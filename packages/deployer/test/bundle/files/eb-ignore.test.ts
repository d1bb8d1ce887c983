import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { ebRules } from '../../../src/bundle/files/eb-ignore.ts'

const eb = (...lines: string[]) => ebRules('.ebignore', lines.join('\n'))

/** Lines of a .gitignore, paths beside it, and those that `git check-ignore --no-index` of git 2.39.5 names (core.ignoreCase off). */
interface GitCase {
  lines: string[]
  paths: string[]
  left: string[]
}

const cases = readFileSync(join(import.meta.dirname, 'ebignore-cases.jsonl'), 'utf8')
  .trim()
  .split('\n')
  .map((line) => JSON.parse(line) as GitCase)

describe('.ebignore', () => {
  test('has the syntax of .gitignore: a name without a slash matches at any depth', () => {
    expect(eb('node_modules/').ignores('packages/a/node_modules/x.js')).toBe(true)
    expect(eb('/dist').ignores('packages/dist')).toBe(false)
    expect(eb('*.log', '!keep.log').ignores('logs/keep.log')).toBe(false)
    expect(eb('*.LOG').ignores('a.log')).toBe(false)
  })

  test('keeps nothing below a directory that it leaves out', () => {
    const rules = eb('logs/', '!logs/keep.log')
    expect(rules.ignores('logs/keep.log')).toBe(true)
    expect(rules.prunes('logs')).toBe(true)
    expect(rules.culprit('logs/keep.log')).toEqual({ file: '.ebignore', line: 1, rule: 'logs/' })
  })

  test('leaves out what git leaves out, in every case of a table from git', () => {
    expect(cases.length).toBeGreaterThan(200)
    for (const { lines, paths, left } of cases) {
      const { ignores } = eb(...lines)
      expect(paths.filter(ignores), JSON.stringify(lines)).toEqual(left)
    }
  })

  test('names the line of a pattern with several /**/ too', () => {
    const rules = eb('*.md', 'a/**/b/**/c', '!a/x/b/c')
    expect(rules.culprit('a/y/b/z/c')).toEqual({ file: '.ebignore', line: 2, rule: 'a/**/b/**/c' })
    expect(rules.culprit('a/x/b/c')).toBeUndefined()
  })

  test('takes names that begin with dots', () => {
    expect(eb('*.log').ignores('.../a.log')).toBe(true)
    expect(eb('*.log').ignores('...')).toBe(false)
  })

  test.each([
    ['stars', `${'*a'.repeat(30)}*b`, 'a'.repeat(4_000)],
    ['classes', `${'*[ab]'.repeat(30)}*c`, 'ab'.repeat(2_000)],
    ['/**/', `a${'/**/a'.repeat(3)}/b`, `${'a/'.repeat(100)}a`],
    ['**/ at the start', `**/a${'/**/a'.repeat(3)}/b`, `${'a/'.repeat(100)}a`],
  ])('answers at once for a line of many %s beside a long path', (_, line, path) => {
    expect(eb(line, `!${line}`).ignores(path)).toBe(false)
  })

  test.each(['*', '*a', '/**', '[', '\\', ' ', 'a/', '?'])('reads a line of many "%s" at once', (piece) => {
    expect(eb(`x${piece.repeat(20_000)}y`).ignores('z')).toBe(false)
  })
})
