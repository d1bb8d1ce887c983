import * as Flags from '@oclif/core/flags'
import { runtimeFlag } from '../../cli/flags.ts'
import { ACCOUNT_KINDS } from '../../cli/local/account-kind.ts'
import { LocalCommand, type LocalStatus, statusOf } from '../../cli/local/local-command.ts'
import { ensureServer } from '../../cli/local/start.ts'

interface Start extends LocalStatus {
  /** False when it was running already. */
  started: boolean
}

export default class LocalStart extends LocalCommand<Start> {
  static override summary = 'Start the embedded Beanstalk, unless it is running'
  static override description =
    'The server goes on after the command has ended. Every command with --local starts it too. LUCREE_LOCAL_DIR names the directory of its state.'

  static override examples = [
    '<%= config.bin %> local start',
    '<%= config.bin %> local start --runtime process --port 4780',
    '<%= config.bin %> local start --account free-plan',
  ]

  static override flags = {
    port: Flags.integer({
      description: 'Listen on this port of 127.0.0.1 or not at all',
      min: 1,
      max: 65_535,
    }),
    runtime: runtimeFlag,
    pace: Flags.string({
      description: "How long the platform's own work takes: fast, real, or a factor",
      helpValue: '<pace>',
    }),
    account: Flags.string({
      description: `The kind of AWS account to hold, several joined by a comma: ${ACCOUNT_KINDS.join(', ')}. Without it: new. It stays so until local reset`,
      env: 'LUCREE_LOCAL_ACCOUNT',
      helpValue: '<kind>',
    }),
  }

  override async run(): Promise<Start> {
    const { flags } = await this.parse(LocalStart)
    const { port, runtime, pace, account } = flags
    const options = { dir: this.directory, environment: this.environment, port, runtime, pace, account }
    const { server, started } = await ensureServer(options, this.around)
    if (!started && (port ?? pace) !== undefined) {
      this.screen.reporter.emit({
        kind: 'warning',
        message:
          'It was running already, so the flags have no effect: lucree local stop, then start it again',
      })
    }
    return { ...statusOf(this.directory, server), started }
  }

  protected override present({ url = '', runtime = '', started }: Start) {
    return [`The embedded Beanstalk ${started ? 'is running' : 'was already running'} at ${url} (${runtime})`]
  }
}
