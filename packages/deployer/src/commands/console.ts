import * as Flags from '@oclif/core/flags'
import { CloudCommand } from '../cli/cloud-command.ts'
import { browse } from '../cli/browse.ts'
import { toolsOf } from '../cli/tools.ts'
import { findEnvironment } from '../deploy/status.ts'
import { PlatformError } from '../errors.ts'

interface ConsoleResult {
  environment: string
  url: string
}

export default class Console extends CloudCommand<ConsoleResult> {
  static override summary = "Open the environment's page in the Elastic Beanstalk console"
  static override examples = ['<%= config.bin %> console', '<%= config.bin %> console --no-browser']

  static override flags = {
    browser: Flags.boolean({
      description: 'Start the browser, not only print the URL',
      default: true,
      allowNo: true,
    }),
  }

  override async run(): Promise<ConsoleResult> {
    const { flags } = await this.parse(Console)
    const session = await this.session({ allowsUnlisted: true })
    const { target } = session
    const { id, name } = await findEnvironment(target, toolsOf(session))
    if (target.local) {
      throw new PlatformError('The embedded Beanstalk has no console yet', {
        code: 'LUC-LOCAL-NO-CONSOLE',
        why: 'its web page is not built',
        hints: ['lucree status', 'lucree events', 'lucree health'],
      })
    }
    const url = consoleUrl(target.region, id)
    if (flags.browser && this.screen.interactive) await browse(url)
    return { environment: name, url }
  }

  protected override present({ url }: ConsoleResult) {
    return [url]
  }
}

/** Facts sheet §7. */
function consoleUrl(region: string, environmentId: string): string {
  const page = `https://${region}.console.aws.amazon.com/elasticbeanstalk/home?region=${region}`
  return `${page}#/environment/dashboard?environmentId=${environmentId}`
}
