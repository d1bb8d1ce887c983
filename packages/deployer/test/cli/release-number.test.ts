import * as Parser from '@oclif/core/parser'
import { expect, test } from 'vitest'
import { releaseNumber } from '../../src/cli/release-number.ts'

const parse = (words: string[]) =>
  Parser.parse(words, { args: { number: releaseNumber() }, flags: {}, strict: true })

test('a release is named by its number, or not at all', async () => {
  expect((await parse(['12'])).args).toEqual({ number: 12 })
  expect((await parse([])).args).toEqual({})
})

test.each(['abc', '0', '-', '1.5', 'v3', '12345678'])('%s is a usage error, no bug', async (text) => {
  await expect(parse([text])).rejects.toMatchObject({ code: 'LUC-USAGE-RELEASE', exitCode: 2 })
})
