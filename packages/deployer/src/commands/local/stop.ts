import { LocalCommand } from '../../cli/local/local-command.ts'
import { stopServer } from '../../cli/local/stop.ts'

interface Stop {
  /** False when none was running. */
  stopped: boolean
  directory: string
}

export default class LocalStop extends LocalCommand<Stop> {
  static override summary = 'Stop the embedded Beanstalk; what was deployed is there again when it starts'

  static override examples = ['<%= config.bin %> local stop']

  override async run(): Promise<Stop> {
    const stopped = await stopServer(this.directory, this.around)
    return { stopped: stopped !== undefined, directory: this.directory }
  }

  protected override present({ stopped }: Stop) {
    return [stopped ? 'The embedded Beanstalk is stopped' : 'The embedded Beanstalk was not running']
  }
}
