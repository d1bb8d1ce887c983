import { join } from 'node:path'
import { expect, test } from 'vitest'
import { changedWhileBundling } from '../../src/bundle/source-failures.ts'
import { nameOwnOutput } from '../../src/cli/own-output.ts'
import { sourceTree } from '../bundle/source-tree.ts'

async function changed(text: string) {
  const source = await sourceTree({ 'logs/deploy.log': text })
  return changedWhileBundling('logs/deploy.log', join(source, 'logs/deploy.log'))
}

const WRITTEN = ['', 'Bundle ...\nWarning: Dockerfile:4: something\n']

test('a file that ends with what this command wrote is named as where its output goes, with what mends it', async () => {
  const named = nameOwnOutput(await changed('build | 1\nBundle ...\nWarning: Docke'), WRITTEN)
  expect(named).toMatchObject({ code: 'LUC-SOURCE-OWN-OUTPUT', exitCode: 4 })
  expect(named.message).toBe("logs/deploy.log is where this command's own output goes")
  expect(named.hints).toEqual([
    'Write the output outside of the source, for example to ../deploy.log.',
    'Or leave the file out with a line in .dockerignore: logs/deploy.log',
  ])
})

test.each(['', 'listening\n', 'Bundle ...', '\n\n'])(
  'a file with %j is only one that changed',
  async (text) => {
    const failure = await changed(text)
    expect(nameOwnOutput(failure, WRITTEN)).toBe(failure)
  },
)
