import * as Args from '@oclif/core/args'
import * as Flags from '@oclif/core/flags'
import { clearFaults } from '../../../cli/local/fault-control.ts'
import { LocalCommand } from '../../../cli/local/local-command.ts'
import { ensureServer } from '../../../cli/local/start.ts'

interface Cleared {
  /** How many were armed. */
  cleared: number
}

export default class LocalFaultClear extends LocalCommand<Cleared> {
  static override summary =
    'Disarm faults of the embedded Beanstalk: those of a name, of an environment, or all'

  static override examples = [
    '<%= config.bin %> local fault clear',
    '<%= config.bin %> local fault clear throttle',
    '<%= config.bin %> local fault clear --environment lucree-api-production',
  ]

  static override args = {
    name: Args.string({
      description: 'Name of the fault, with its argument or without; all when left out',
      ignoreStdin: true,
    }),
  }

  static override flags = {
    environment: Flags.string({
      char: 'e',
      description: 'Only what was armed for this environment',
      helpValue: '<name>',
    }),
  }

  override async run(): Promise<Cleared> {
    const { args, flags } = await this.parse(LocalFaultClear)
    const { server } = await ensureServer({ dir: this.directory, environment: this.environment }, this.around)
    return {
      cleared: await clearFaults(server, { name: args.name, environment: flags.environment }, this.around),
    }
  }

  protected override present({ cleared }: Cleared) {
    return [cleared === 0 ? 'Nothing was armed' : `Disarmed ${cleared}`]
  }
}
