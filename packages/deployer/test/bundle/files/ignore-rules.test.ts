import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { dockerRules, ebRules } from '../../../src/bundle/files/ignore-rules.ts'

const docker = (...lines: string[]) => dockerRules('.dockerignore', lines.join('\n'))

describe('.dockerignore', () => {
  // From the documentation of docker build: "Filename and location", "Syntax", "Matching", "Negating matches".
  test.each([
    ['*/temp*', 'somedir/temporary.txt', true],
    ['*/temp*', 'somedir/temp/file', true],
    ['*/temp*', 'temporary.txt', false],
    ['*/*/temp*', 'somedir/subdir/temporary.txt', true],
    ['temp?', 'tempa', true],
    ['temp?', 'temp', false],
    ['**/*.go', 'main.go', true],
    ['**/*.go', 'a/b/c/main.go', true],
    ['/foo/bar', 'foo/bar', true],
    ['foo/bar/', 'foo/bar/deep', true],
    ['./foo', 'foo', true],
    ['dist', 'packages/dist', false],
    ['Dist', 'dist', false],
    ['#dist', '#dist', false],
    [' #dist', '#dist', true],
    ['c++ (1).txt', 'c++ (1).txt', true],
    ['a|b', 'a', false],
    ['a[^b-d]e', 'aze', true],
    ['a\\*b', 'a*b', true],
    ['a\\*b', 'axb', false],
    ['abc/**', 'abc/def/ghi', true],
    ['.*', '.env', true],
  ])('%s and %s: left out is %s', (rule, path, expected) => {
    expect(docker(rule).ignores(path)).toBe(expected)
  })

  test('lets the last rule that matches decide, also below a directory that is left out', () => {
    expect(docker('*.md', '!README.md').ignores('README.md')).toBe(false)
    expect(docker('*.md', '!README*.md', 'README-secret.md').ignores('README-secret.md')).toBe(true)
    expect(docker('!README.md', '*.md').ignores('README.md')).toBe(true)
    expect(docker('*', '!dist').ignores('dist/main.js')).toBe(false)
    expect(docker('docs', '!docs/README.md').ignores('docs/README.md')).toBe(false)
  })

  test('names the line of the rule that leaves a path out', () => {
    const rules = docker('# build', 'dist', '', '*.log', '!keep.log')
    expect(rules.culprit('dist/a.js')).toEqual({ file: '.dockerignore', line: 2, rule: 'dist' })
    expect(rules.culprit('x.log')?.line).toBe(4)
    expect(rules.culprit('keep.log')).toBeUndefined()
  })

  test('is refused with its line where docker would refuse it', () => {
    expect(() => docker('dist', '[')).toThrow('.dockerignore:2: [ is not a pattern that docker understands')
    expect(() => docker('!')).toThrow('.dockerignore:1: !')
  })

  const name = fc.constantFrom('a', 'b', 'ab', 'a.b')
  const part = fc.oneof(name, fc.constantFrom('*', '**', 'a*', '?', '*b', '[ab]'))
  const path = fc.array(name, { minLength: 1, maxLength: 4 }).map((parts) => parts.join('/'))
  const rule = fc
    .tuple(fc.constantFrom('', '', '!'), fc.array(part, { minLength: 1, maxLength: 3 }))
    .map(([not, parts]) => not + parts.join('/'))
  const rules = fc.array(rule, { maxLength: 4 })

  test('means what a matcher written from its documentation makes of it', () => {
    fc.assert(
      fc.property(rules, path, (lines, file) => {
        expect(docker(...lines).ignores(file)).toBe(documented(lines, file))
      }),
      { numRuns: 2000 },
    )
  })

  test('lets a directory be skipped only when it keeps nothing below it', () => {
    fc.assert(
      fc.property(rules, path, path, (lines, directory, inside) => {
        const read = docker(...lines)
        if (read.prunes(directory)) expect(read.ignores(`${directory}/${inside}`)).toBe(true)
      }),
      { numRuns: 2000 },
    )
  })
})

/** The last rule that matches the path or one of its parents decides; `**` is any number of directories. */
function documented(lines: string[], file: string): boolean {
  const parts = file.split('/')
  const prefixes = parts.map((_, index) => parts.slice(0, index + 1))
  const last = lines.findLast((line) =>
    prefixes.some((prefix) => matches(line.replace('!', '').split('/'), prefix)),
  )
  return last !== undefined && !last.startsWith('!')
}

function matches([rule, ...rules]: string[], path: string[]): boolean {
  const [part, ...parts] = path
  if (rule === undefined) return part === undefined
  if (rule === '**') {
    if (rules.length === 0) return part !== undefined
    return matches(rules, path) || (part !== undefined && matches([rule, ...rules], parts))
  }
  const shape = rule.replaceAll('.', '\\.').replaceAll('*', '.*').replaceAll('?', '.')
  return part !== undefined && new RegExp(`^${shape}$`).test(part) && matches(rules, parts)
}

describe('.ebignore', () => {
  const eb = (...lines: string[]) => ebRules('.ebignore', lines.join('\n'))

  test('has the syntax of .gitignore: a name without a slash matches at any depth', () => {
    expect(eb('node_modules/').ignores('packages/a/node_modules/x.js')).toBe(true)
    expect(eb('/dist').ignores('packages/dist')).toBe(false)
    expect(eb('*.log', '!keep.log').ignores('logs/keep.log')).toBe(false)
  })

  test('keeps nothing below a directory that it leaves out', () => {
    const rules = eb('logs/', '!logs/keep.log')
    expect(rules.ignores('logs/keep.log')).toBe(true)
    expect(rules.prunes('logs')).toBe(true)
    expect(rules.culprit('logs/keep.log')).toEqual({ file: '.ebignore', line: 1, rule: 'logs/' })
  })
})
