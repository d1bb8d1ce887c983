import { LocalCommand, type LocalStatus, statusOf } from '../../cli/local/local-command.ts'
import { findServer } from '../../cli/local/server.ts'

export default class LocalStatusCommand extends LocalCommand<LocalStatus> {
  static override summary = 'Show whether the embedded Beanstalk is running, and where'

  static override examples = ['<%= config.bin %> local status', '<%= config.bin %> local status --json']

  override async run(): Promise<LocalStatus> {
    return statusOf(this.directory, await findServer(this.directory, this.around))
  }

  protected override present({
    running,
    directory,
    url,
    pid,
    startedAt,
    runtime,
    engine,
    version,
  }: LocalStatus) {
    if (!running) return ['Stopped', `State:    ${directory}`, 'Start it: lucree local start']
    return [
      `Running at ${url ?? ''}`,
      `Runtime:  ${[runtime, engine].filter(Boolean).join(', ')}`,
      `Process:  ${pid ?? ''}, since ${startedAt ?? ''}`,
      `Version:  ${version ?? ''}`,
      `State:    ${directory}`,
    ]
  }
}
