import { describe, expect, test } from 'vitest'
import { readDockerIgnore } from '../../../src/bundle/files/docker-ignore.ts'

const docker = (...lines: string[]) =>
  readDockerIgnore((name) => (name === '.dockerignore' ? lines.join('\n') : undefined))

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
})
