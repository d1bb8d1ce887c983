import { execFileSync } from 'node:child_process'
import fc from 'fast-check'
import { expect, it } from 'vitest'
import { commandLine } from '../../src/cli/command-line.ts'
import { shellQuote } from '../../src/cli/shell-quote.ts'

it('names the same destination again', () => {
  expect(commandLine('deploy', { local: true, environment: 'staging' })).toBe(
    'lucree deploy --local --environment staging',
  )
  expect(commandLine('status', { local: false, region: 'eu-west-1', profile: "o'brien" })).toBe(
    "lucree status --region eu-west-1 --profile 'o'\\''brien'",
  )
  expect(commandLine('env list', { local: false })).toBe('lucree env list')
})

it('quotes any word so that a shell gives it back', () => {
  const words = fc.array(fc.string({ unit: 'grapheme' }), {
    minLength: 1,
    maxLength: 30,
  })
  fc.assert(
    fc.property(words, (list) => {
      const script = `for w in ${list.map(shellQuote).join(' ')}; do printf '%s\\0' "$w"; done`
      const given = execFileSync('sh', ['-c', script], { encoding: 'utf8' })
      expect(given).toBe(list.map((word) => `${word}\0`).join(''))
    }),
    { numRuns: 20 },
  )
})
