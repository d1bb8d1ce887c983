import { readFile } from 'node:fs/promises'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { difference } from '../../e2e/papers/told.ts'
import { Reader } from '../../e2e/papers/reader.ts'
import { finalText } from '../../scripts/picture/drawing.mjs'
import { fromCast } from '../../scripts/picture/recording.mjs'

const recording = fromCast(await readFile(new URL('../../docs/deploy.cast', import.meta.url), 'utf8'))

let reader: Reader
beforeAll(async () => {
  reader = await Reader.open()
})
afterAll(() => reader.close())

/** What the build command says is npm's, and the digest is the source's. */
const even = (lines: string[]): string =>
  lines
    .filter((line) => !line.startsWith('  build |'))
    .join('\n')
    .replace(/digest [0-9a-f]{12}/g, 'digest')

test('the command in the picture still prints its stages and ends as it did', async () => {
  const { code, stdout } = await reader.run(recording.command)
  expect(code, stdout).toBe(0)
  const plain = stdout.replace(/^(.*) \.\.\.\n(?: {2}.*\n)*done: /gm, '✓ $1: ').split('\n')
  const began = plain.findIndex((line) => line.startsWith('✓'))
  expect(difference(even(await finalText(recording)), even(plain.slice(began)))).toBeUndefined()
})
