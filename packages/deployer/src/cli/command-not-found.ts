import type { Hook } from '@oclif/core/hooks'
import { unknownCommand } from './unknown-command.ts'

/** oclif's hook for words that name no command. */
const commandNotFound: Hook<'command_not_found'> = async ({ config, id }) => {
  throw unknownCommand(id, config)
}

export default commandNotFound
