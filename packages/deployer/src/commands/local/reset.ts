import { confirmYes } from '../../cli/confirm-yes.ts'
import { yesFlag } from '../../cli/flags.ts'
import { LocalCommand } from '../../cli/local/local-command.ts'
import { resetServer } from '../../cli/local/reset.ts'

interface Reset {
  /** False when there was nothing. */
  removed: boolean
  directory: string
}

export default class LocalReset extends LocalCommand<Reset> {
  static override summary = 'Remove the embedded Beanstalk with all that was deployed to it'

  static override examples = [
    '<%= config.bin %> local reset',
    { description: 'From a script', command: '<%= config.bin %> local reset --yes' },
  ]

  static override flags = { yes: yesFlag }

  override async run(): Promise<Reset> {
    const { flags } = await this.parse(LocalReset)
    const { screen, signal, directory: dir } = this
    await confirmYes(`Remove ${dir} and stop everything that was deployed there?`, {
      yes: flags.yes,
      screen,
      signal,
    })
    const warn = (message: string) => screen.reporter.emit({ kind: 'warning', message })
    const removed = await resetServer({ dir, environment: this.environment, warn }, this.around)
    return { removed, directory: dir }
  }

  protected override present({ removed, directory }: Reset) {
    return [removed ? `Removed ${directory} and all that ran in it` : `There was nothing in ${directory}`]
  }
}
