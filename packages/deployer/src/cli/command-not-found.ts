import type { Hook } from '@oclif/core/hooks'
import type { Interfaces } from '@oclif/core'
import { unknownCommand } from './unknown-command.ts'

/** oclif's hook for words that name no command. */
const commandNotFound: Hook<'command_not_found'> = async ({ config, id }) => {
  throw unknownCommand(id, config as Interfaces.Config)
}

export default commandNotFound
