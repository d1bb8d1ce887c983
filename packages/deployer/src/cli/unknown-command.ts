import type { Interfaces } from '@oclif/core'
import { nearest } from '../document/nearest.ts'
import { UsageError } from '../errors.ts'

/** What of oclif's configuration tells which commands there are. */
export type Known = Pick<Interfaces.Config, 'commands' | 'topics' | 'topicSeparator'>

/** Words that name no command, as a usage error with the nearest name there is; `id` as oclif joins them. With `asksHelp` its help is what comes next. */
export function unknownCommand(id: string, config: Known, { asksHelp = false } = {}): UsageError {
  const spaced = (name: string) => name.replaceAll(':', config.topicSeparator)
  const commands = config.commands.filter((command) => !command.hidden).map((command) => command.id)
  const longer = commands.find((name) => id.startsWith(`${name}:`))
  if (longer !== undefined) return tooManyWords(spaced(longer), spaced(id.slice(longer.length + 1)))
  const near = nearest(id, [...commands, ...config.topics.map(({ name }) => name)])
  return new UsageError(`"${spaced(id)}" is not a lucree command`, {
    code: 'LUC-USAGE-COMMAND',
    hints: [...(near ? [`lucree ${spaced(near)}${asksHelp ? ' --help' : ''}`] : []), 'lucree --help'],
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
