import * as Flags from '@oclif/core/flags'
import { CloudCommand } from '../cli/cloud-command.ts'
import { browse } from '../cli/browse.ts'
import { toolsOf } from '../cli/tools.ts'
import { findEnvironment } from '../deploy/status.ts'
import { urlOf } from '../beanstalk/health.ts'
import { PlatformError } from '../errors.ts'

interface OpenResult {
  environment: string
  url: string
}

export default class Open extends CloudCommand<OpenResult> {
  static override summary = "Open the environment's URL in the browser"
  static override examples = ['<%= config.bin %> open', '<%= config.bin %> open --no-browser']

  static override flags = {
    browser: Flags.boolean({
      description: 'Start the browser, not only print the URL',
      default: true,
      allowNo: true,
    }),
  }

  override async run(): Promise<OpenResult> {
    const { flags } = await this.parse(Open)
    const session = await this.session({ allowsUnlisted: true })
    const { cname, name, status } = await findEnvironment(session.target, toolsOf(session))
    if (!cname) {
      throw new PlatformError(`${name} has no URL yet`, {
        code: 'LUC-ENVIRONMENT-NO-URL',
        why: `it is ${status}`,
        hints: ['lucree status'],
      })
    }
    const url = urlOf(cname)
    if (flags.browser && this.screen.interactive) await browse(url)
    return { environment: name, url }
  }

  protected override present({ url }: OpenResult) {
    return [url]
  }
}
