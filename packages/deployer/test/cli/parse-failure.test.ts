import { expect, it } from 'vitest'
import { translateParseFailure } from '../../src/cli/parse-failure.ts'
import { UsageError } from '../../src/errors.ts'

/** As oclif throws it. */
const thrown = (message: string, more: object = {}) =>
  Object.assign(new Error(`${message}\nSee more help with --help`), { oclif: { exit: 2 }, ...more })

it.each([
  ['Flag --timeout expects a value', '--timeout needs a value', undefined],
  ['Nonexistent flag: --nope', 'There is no flag --nope', undefined],
  ['Expected --policy=foo to be one of: a, b', '--policy can\'t be "foo"', 'it is one of a, b'],
  ['Parsing --port \n\tExpected an integer but received: x', '--port can\'t be "x"', 'it is a whole number'],
  [
    'Parsing --lines \n\tExpected an integer greater than or equal to 1 but received: 0',
    "--lines can't be 0",
    'it is 1 or more',
  ],
  [
    'The following error occurred:\n  --message=a cannot also be provided when using --version',
    "--message and --version don't go together",
    undefined,
  ],
  [
    'The following error occurred:\n  All of the following must be provided when using --follow: --json',
    '--follow needs --json too',
    undefined,
  ],
  ['Missing 1 required arg:\nname  Name of the property', 'NAME is missing', 'Name of the property'],
])('%j is said in lucree’s words', (said, message, why) => {
  expect(translateParseFailure(thrown(said), 'env:get')).toMatchObject({
    ...{ message, why, exitCode: 2, hints: ['lucree env get --help'] },
  })
})

it('a flag that does not exist is told with the one that was probably meant', () => {
  const more = {
    flags: ['--prot'],
    parse: { input: { flags: { port: {} }, context: { id: 'local:start' } } },
  }
  expect(translateParseFailure(thrown('Nonexistent flag: --prot', more))).toMatchObject({
    ...{
      message: 'There is no flag --prot',
      why: 'did you mean --port?',
      hints: ['lucree local start --help'],
    },
  })
})

it('what a flag of lucree’s own refuses keeps its sentence', () => {
  const refusal = new UsageError('--timeout can\'t be "10"', { code: 'LUC-USAGE-DURATION' })
  refusal.message = `Parsing --timeout \n\t${refusal.message}\nSee more help with --help`
  expect(translateParseFailure(refusal)).toMatchObject({
    message: '--timeout can\'t be "10"',
    code: 'LUC-USAGE-DURATION',
  })
})

it('any other error is none of its business', () => {
  expect(translateParseFailure(new Error('Nonexistent flag: --nope'))).toBeUndefined()
})
