import fc from 'fast-check'
import { afterAll, expect, test } from 'vitest'
import { copyPattern, CopyPatternError, isCopyPattern } from '../src/index.ts'
import { Builder, type Refusal } from './builder/builder.ts'
import { answersTo, runs } from './builder/runs.ts'

const builder = new Builder()
afterAll(() => builder.close())

/** Of one context for all patterns. */
const FILES = [
  'abc', 'abd', 'a-d', 'a]d', 'a[', 'a\\b', 'ab/two', 'ab/deep/three.js', 'x/y', 'xby', '!b', '^q', 'a|c', 'a{1}', '+(f)', '$g', 'a.b', '日本.txt', '日/four',
  'é', 'e\u0301', '😀.md', '.hidden', 'src/.dot', 'src/main.ts', 'src/lib/util.ts', 'package.json', 'package-lock.json', 'a b', '-dash', 'A.B', 'foo*bar', 'foo?bar',
] // prettier-ignore
/** A file's content is its path. */
const context = Object.fromEntries(FILES.map((path) => [path, path]))

const PIECES = [
  'a', 'b', 'c', 'd', 'x', 'ab', 'foo', 'src', 'lib', '.', '..', '/', '/', '/', '*', '*', '*', '**', '?', '?', '[ab]', '[a-c]', '[^a]', '[!a]', '[^b-z]', '[日]', '[^é]', '[\\]]', '[*]', '[[]',
  '\\*', '\\?', '\\[', '\\a', '\\\\', '^', '$', '|', '{1}', '+', '(', ')', '!', '-', '日', '😀', 'é', ' ', '.json', '.ts', 'package', '//', './', '../',
] // prettier-ignore
const WRONG = ['[', '[]', '[a-]', '[-a]', '[^]', '\\', 'a]']
const patterns = fc
  .array(
    fc.oneof(
      { weight: 30, arbitrary: fc.constantFrom(...PIECES) },
      { weight: 1, arbitrary: fc.constantFrom(...WRONG) },
    ),
    { minLength: 1, maxLength: 5 },
  )
  .map((pieces) => pieces.join(''))
  .filter((pattern) => isCopyPattern(pattern))

/** The word that expands to the pattern. */
const wordOf = (pattern: string) => JSON.stringify(pattern.replace(/[\\'"$]/g, '\\$&'))

/** The first stage takes everything, so that everything is sent. */
const dockerfileOf = (pattern: string) =>
  `FROM scratch AS all\nCOPY . /all/\nFROM scratch\nCOPY --from=all /all/abc /abc\nCOPY [${wordOf(pattern)}, "/to/"]\n`

/** Paths that are copied. */
async function builderSays(pattern: string): Promise<string[] | Refusal> {
  const files = await builder.contentsOf({ ...context, Dockerfile: dockerfileOf(pattern) })
  if (!('refused' in files)) return files.filter((path) => FILES.includes(path))
  return { refused: files.refused.replace(/^.*: /s, '') }
}

/** The directory before the first wildcard isn't there: then no builder comes to look at the rest. */
const isMissing = (said: string[] | Refusal) =>
  'refused' in said && /(not found|no such file or directory|not a directory)$/.test(said.refused)

/** A directory that matches is copied whole, and nothing below it is looked for. */
function librarySays(pattern: string): string[] | Refusal {
  try {
    const matches = copyPattern(pattern)
    const taken = (path: string) =>
      ['', ...path.split('/')].some((_, depth, names) => matches(names.slice(1, depth + 1).join('/')))
    return FILES.filter(taken).sort()
  } catch (error) {
    if (error instanceof CopyPatternError) return { refused: error.message }
    throw error
  }
}

test('a pattern of COPY takes what BuildKit takes, whatever the pattern', async () => {
  const { seed, numRuns } = runs(150)
  const sampled = fc.sample(patterns, { seed, numRuns })
  const answers = await answersTo(sampled, builderSays)
  const known = new Map(sampled.map((each, index) => [each, answers[index]]))
  const agrees = async (pattern: string) => {
    const wanted = known.get(pattern) ?? (await builderSays(pattern))
    const said = librarySays(pattern)
    if (isMissing(wanted)) expect('refused' in said ? [] : said).toEqual([])
    else expect(said).toEqual(wanted)
  }
  await fc.assert(fc.asyncProperty(patterns, agrees), { seed, numRuns })
}, 900_000)
