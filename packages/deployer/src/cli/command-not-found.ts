import type { Hook } from '@oclif/core/hooks'
import { UsageError } from '../errors.ts'
import { nearest } from '../document/nearest.ts'

/** oclif's hook for words that name no command: a usage error with the nearest name there is. */
const commandNotFound: Hook<'command_not_found'> = async ({ config, id }) => {
  const spaced = (name: string) => name.replaceAll(':', config.topicSeparator)
  const names = config.commands.filter((command) => !command.hidden).map((command) => command.id)
  const longer = names.find((name) => id.startsWith(`${name}:`))
  if (longer !== undefined) throw tooManyWords(spaced(longer), spaced(id.slice(longer.length + 1)))
  const near = nearest(id, names)
  throw new UsageError(`"${spaced(id)}" is not a lucree command`, {
    code: 'LUC-USAGE-COMMAND',
    hints: near ? [`lucree ${spaced(near)}`, 'lucree --help'] : ['lucree --help'],
  })
}

/** oclif takes the words behind a command without arguments for more of its name. */
function tooManyWords(command: string, words: string): UsageError {
  return new UsageError(`Unexpected argument: ${words}`, {
    code: 'LUC-USAGE',
    why: `lucree ${command} takes none`,
    hints: [`lucree ${command} --help`],
  })
}

export default commandNotFound
