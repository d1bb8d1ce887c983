import { CloudCommand } from '../cli/cloud-command.ts'
import { toolsOf } from '../cli/tools.ts'
import { lookAtStatus, type StatusResult } from '../deploy/status.ts'
import type { Style } from '../report/style.ts'
import { table } from '../report/table.ts'

export default class Status extends CloudCommand<StatusResult> {
  static override summary = 'Show what runs: environment, version, health, instances'
  static override description =
    'Ends with 0 in whatever state the environment is: looking at it worked. What a monitor asks for is "proven" of --json, true only when the environment is Ready, every instance runs its version and the application answers: lucree status --json | jq -e .proven'

  static override examples = ['<%= config.bin %> status', '<%= config.bin %> status --local --json']

  override async run(): Promise<StatusResult> {
    const session = await this.session({ allowsUnlisted: true })
    return lookAtStatus(session.target, toolsOf(session))
  }

  protected override present(result: StatusResult, style: Style) {
    const { environment, application, url, status, health, version, missing, instances } = result
    const rows = instances.map((instance) => [
      instance.id,
      instance.health,
      instance.version ?? '',
      instance.deployment ?? '',
    ])
    return [
      `${style.bold(environment)} of ${application}`,
      `Status   ${status}${missing === null || status !== 'Ready' ? '' : `: ${missing}`}`,
      `Health   ${health}`,
      `Version  ${version ?? '-'}`,
      `URL      ${url ?? '-'}`,
      ...(rows.length > 0
        ? ['', ...table(['INSTANCE', 'HEALTH', 'VERSION', 'DEPLOYMENT'], rows, style)]
        : []),
    ]
  }
}
