import { expect, test } from 'vitest'
import { ignoreCases } from '../../../../docker-context/test/cases/ignore-cases.ts'
import { IgnoreTrees } from '../../../../docker-context/test/cases/ignore-tree.ts'
import { findFiles } from '../../../src/bundle/files/source-files.ts'
import { SourceError } from '../../../src/errors.ts'
import { sourceTree } from '../source-tree.ts'

/** What Beanstalk and docker read themselves ships whatever an ignore file says, and .env files never do. */
const always = ['.dockerignore', 'Dockerfile']
const isEnv = (path: string) => path.split('/').some((part) => part.startsWith('.env'))

test('what ships is what BuildKit sees, in every case of the table, and a build of the bundle sees the same', async () => {
  const trees = new IgnoreTrees(await sourceTree({}))
  for (const each of ignoreCases()) {
    if (!each.context) continue
    const { files, selection } = await found(trees.rootOf(each))
    const expected = each.context.filter((path) => !isEnv(path))
    const shipped = files.filter(({ kind }) => kind !== 'directory').map(({ path }) => path)
    expect(shipped.sort(), each.ignore).toEqual([...new Set([...expected, ...always])].sort())
    expect(shipped.filter(selection.inBuildContext), each.ignore).toEqual(expected)
  }
}, 300_000)

test('an ignore file that BuildKit refuses is refused with its line, in every case of the table', async () => {
  const trees = new IgnoreTrees(await sourceTree({}))
  for (const each of ignoreCases()) {
    if (!each.refused) continue
    const error = await found(trees.rootOf(each)).catch((reason: unknown) => reason)
    expect(error, each.ignore).toBeInstanceOf(SourceError)
    expect(error).toMatchObject({ code: 'LUC-SOURCE-IGNORE-FILE' })
    expect((error as Error).message).toMatch(/^\.dockerignore:\d+: /)
  }
})

function found(source: string) {
  const signal = AbortSignal.timeout(60_000)
  return findFiles({ source, include: [], projectDir: source, onWarning: () => {}, signal })
}
