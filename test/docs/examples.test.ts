import * as Parser from '@oclif/core/parser'
import { expect, test } from 'vitest'
import { callsOf, commandOf } from './command-words.ts'
import { allCommands, type Documented, examplesOf } from './reference/commands.ts'

const commands = await allCommands()

/** What oclif makes of the words; throws as it would for a user. */
async function parse({ command }: Documented, argv: string[]): Promise<unknown> {
  return Parser.parse(argv, {
    args: command.args,
    flags: { ...command.baseFlags, ...command.flags },
    strict: command.strict,
  })
}

test.each(commands)(
  'the help of lucree $name has examples of it, and each is a command line that it takes',
  async (documented) => {
    const examples = examplesOf(documented)
    const calls = examples.flatMap(({ line }) => callsOf(line))
    expect(calls.map((words) => commandOf(words, commands)?.documented.name)).toContain(documented.name)
    for (const words of calls) {
      const found = commandOf(words, commands)
      expect(found, words.join(' ')).toBeDefined()
      if (found) await expect(parse(found.documented, found.argv), words.join(' ')).resolves.toBeDefined()
    }
  },
)

test('a call of lucree is read out of pipes, substitutions and remarks', () => {
  expect(callsOf('pass show api | lucree env set "A B"   # asks')).toEqual([['env', 'set', 'A B']])
  expect(callsOf('curl -H "T: $(npx lucree env get X --reveal)" URL && lucree status > file')).toEqual([
    ['env', 'get', 'X', '--reveal'],
    ['status'],
  ])
})

test.each(commands)(
  'lucree $name takes no argument from standard input, where a secret may stand',
  ({ command }) => {
    for (const arg of Object.values(command.args)) expect(arg.ignoreStdin).toBe(true)
  },
)
