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
    'The server goes on after the command has ended. Every command with --local starts it too. LUCREE_LOCAL_DIR names the directory of its state; without it that is ~/.local/state/lucree/beanstalk (below XDG_STATE_HOME where that is set). Killed, or ended with the machine, it is not started again by itself, and nothing answers until it is; the next start goes on from its state: applications that ended are started again, each at its address (at another port, with an event that says so, where a program has taken its own), and changes that were under way begin anew. While it runs, its --runtime stays. Started with another one, it builds the applications again with that. auto stays with processes where a killed server had them; else it takes a container engine when one answers.'

  static override examples = [
    '<%= config.bin %> local start',
    '<%= config.bin %> local start --runtime process --port 4780',
    '<%= config.bin %> local start --account free-plan',
  ]

  static override flags = {
    port: Flags.integer({
      description:
        'Listen on this port of 127.0.0.1; when it is taken, the start fails. Without it: the port of last time, 4780 or any free one',
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
