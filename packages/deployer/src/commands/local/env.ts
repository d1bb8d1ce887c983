import { LocalCommand } from '../../cli/local/local-command.ts'
import { shellEnvironment, shellLines } from '../../cli/local/shell-environment.ts'
import { ensureServer } from '../../cli/local/start.ts'
import type { Revealed } from '../../report/scrub.ts'

type Env = Record<string, string | Revealed>

export default class LocalEnv extends LocalCommand<Env> {
  static override summary = 'Print the shell lines that point AWS tools at the embedded Beanstalk'
  static override description =
    'The AWS CLI, SDKs and the EB CLI then work on it unchanged. Starts it when it is not running. The secret key is the embedded account’s own and opens nothing else.'

  static override examples = [
    { description: 'For this shell', command: 'eval "$(<%= config.bin %> local env)"' },
    { description: 'Then, for example', command: 'aws elasticbeanstalk describe-environments' },
  ]

  override async run(): Promise<Env> {
    const { server } = await ensureServer({ dir: this.directory, environment: this.environment }, this.around)
    return shellEnvironment(server)
  }

  protected override present(variables: Env) {
    return shellLines(variables, this.environment)
  }
}
