import fc from 'fast-check'
import { afterAll, expect, test } from 'vitest'
import { IgnoreFileError, parseIgnoreFile } from '../../src/index.ts'
import { Builder, type Refusal } from '../builder/builder.ts'
import { answersTo, runs } from '../builder/runs.ts'
import { ignoreCases, type IgnoreCase } from '../cases/ignore-cases.ts'
import { contextOf, generatedIgnoreCases } from './generated-ignore-cases.ts'

const builder = new Builder()
afterAll(() => builder.close())

const builderSays = (each: IgnoreCase): Promise<string[] | Refusal> => builder.filesOf(contextOf(each))

/** Files and links that are kept, or the refusal. */
function librarySays({ ignore, tree }: IgnoreCase): string[] | Refusal {
  try {
    const file = parseIgnoreFile(ignore)
    // Directories are asked about too: a pattern that one of them meets may be refused.
    const kept = tree
      .filter(([path]) => !file.ignores(path))
      .flatMap(([path, kind]) => (kind === 'd' ? [] : [path]))
    return [...kept, ...['Dockerfile', '.dockerignore'].filter((path) => !file.ignores(path))].sort()
  } catch (error) {
    if (error instanceof IgnoreFileError) return { refused: error.message }
    throw error
  }
}

/** The library has the end of the builder's words, which begin with the way that they came. */
function inWordsOf(said: string[] | Refusal, builderSaid: string[] | Refusal): string[] | Refusal {
  const same = 'refused' in said && 'refused' in builderSaid && builderSaid.refused.endsWith(said.refused)
  return same ? builderSaid : said
}

/** A third of the table, which the seed chooses; all of it with LUCREE_RUNS. */
function linesOfTable(): IgnoreCase[] {
  const { seed } = runs(0)
  return ignoreCases().filter((_, index) => process.env.LUCREE_RUNS || index % 3 === seed % 3)
}

test('BuildKit answers what the table of ignore files says', async () => {
  const cases = linesOfTable()
  const answers = await answersTo(cases, builderSays)
  for (const [index, { ignore, context, refused = '' }] of cases.entries()) {
    const answer = answers[index] as string[] | Refusal
    expect(inWordsOf(context ?? { refused }, answer), ignore).toEqual(answer)
  }
}, 900_000)

test('the library keeps and refuses what BuildKit keeps and refuses, whatever the ignore file and the tree', async () => {
  const { seed, numRuns } = runs(250)
  const cases = fc.sample(generatedIgnoreCases, { seed, numRuns })
  const answers = await answersTo(cases, builderSays)
  // Asked beforehand and several at once; what the search for a smaller case makes is asked one by one.
  const known = new Map(cases.map((each, index) => [JSON.stringify(each), answers[index]]))
  const agrees = async (each: IgnoreCase) => {
    const wanted = known.get(JSON.stringify(each)) ?? (await builderSays(each))
    expect(inWordsOf(librarySays(each), wanted)).toEqual(wanted)
  }
  await fc.assert(fc.asyncProperty(generatedIgnoreCases, agrees), { seed, numRuns })
}, 900_000)
