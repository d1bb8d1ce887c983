import * as Args from '@oclif/core/args'
import { clearFaults } from '../../../cli/local/fault-control.ts'
import { LocalCommand } from '../../../cli/local/local-command.ts'
import { ensureServer } from '../../../cli/local/start.ts'

interface Cleared {
  /** How many were armed. */
  cleared: number
}

export default class LocalFaultClear extends LocalCommand<Cleared> {
  static override summary = 'Disarm faults of the embedded Beanstalk: those of a name, or all'

  static override examples = [
    '<%= config.bin %> local fault clear',
    '<%= config.bin %> local fault clear throttle',
  ]

  static override args = {
    name: Args.string({
      description: 'Name of the fault, with its argument or without; all when left out',
      ignoreStdin: true,
    }),
  }

  override async run(): Promise<Cleared> {
    const { args } = await this.parse(LocalFaultClear)
    const { server } = await ensureServer({ dir: this.directory, environment: this.environment }, this.around)
    return { cleared: await clearFaults(server, args.name, this.around) }
  }

  protected override present({ cleared }: Cleared) {
    return [cleared === 0 ? 'Nothing was armed' : `Disarmed ${cleared}`]
  }
}
