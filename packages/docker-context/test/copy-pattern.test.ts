import fc from 'fast-check'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { copyPattern, CopyPatternError, isCopyPattern } from '../src/index.ts'

/** Each with the files that BuildKit of Docker 26.1.5 copied in a build whose context held all files. */
interface Case {
  pattern: string
  copied?: string[]
  refused?: string
}

const [first, ...lines] = readFileSync(join(import.meta.dirname, 'cases/copy-patterns.jsonl'), 'utf8')
  .trim()
  .split('\n')
const { files } = JSON.parse(first as string) as { files: string[] }
const cases = lines.map((line) => JSON.parse(line) as Case)

describe('a pattern of COPY', () => {
  test.each(cases.filter(({ copied }) => copied))('$pattern matches what BuildKit copies', (each) => {
    expect(copiedBy(each.pattern)).toEqual(each.copied)
  })

  test.each(cases.filter(({ refused }) => refused))(
    '$pattern is refused in the words of BuildKit',
    (each) => {
      const attempt = () => copyPattern(each.pattern)
      expect(attempt).toThrow(CopyPatternError)
      expect(attempt).toThrow(each.refused)
    },
  )

  test('of several stars answers at once for a long name', () => {
    const matches = copyPattern(`${'*a'.repeat(40)}*b`)
    expect(matches('a'.repeat(5_000))).toBe(false)
    expect(matches(`${'a'.repeat(5_000)}b`)).toBe(true)
  })

  test('does nothing else than match or be refused', () => {
    const text = fc.string({
      unit: fc.constantFrom('*', '?', '[', ']', '^', '-', '\\', '/', '.', 'a', 'é', '😀'),
    })
    fc.assert(
      fc.property(text, text, (pattern, path) => {
        try {
          copyPattern(pattern)(path)
        } catch (error) {
          expect(error).toBeInstanceOf(CopyPatternError)
        }
      }),
    )
  })
})

test('a source is a pattern when a wildcard has no backslash before it', () => {
  const patterns = ['*', 'a?', 'a/[b]', 'a[', '\\\\*', 'é*']
  const paths = ['a', 'a\\*', '\\[a]', 'a]', '\\', 'a\\?b', '']
  expect(patterns.filter(isCopyPattern)).toEqual(patterns)
  expect(paths.filter(isCopyPattern)).toEqual([])
})

/** The files of the case table that a pattern takes; a directory that matches is taken whole. */
function copiedBy(pattern: string): string[] {
  const matches = copyPattern(pattern)
  const withParents = (path: string) =>
    path.split('/').map((_, index, parts) => parts.slice(0, index + 1).join('/'))
  return files.filter((path) => withParents(path).some(matches)).sort()
}
