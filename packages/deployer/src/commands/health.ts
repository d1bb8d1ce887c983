import { CloudCommand } from '../cli/cloud-command.ts'
import { toolsOf } from '../cli/tools.ts'
import { type HealthResult, lookAtHealth } from '../deploy/health-report.ts'
import type { Style } from '../report/style.ts'

export default class Health extends CloudCommand<HealthResult> {
  static override summary = "Show the environment's and its instances' health, with Beanstalk's causes"
  static override examples = ['<%= config.bin %> health']

  override async run(): Promise<HealthResult> {
    const session = await this.session({ allowsUnlisted: true })
    return lookAtHealth(session.target, toolsOf(session))
  }

  protected override present({ environment, health, color, causes, instances }: HealthResult, style: Style) {
    const because = (list: string[]) => list.map((cause) => `    ${cause}`)
    return [
      `${style.bold(environment)}: ${health} (${color})`,
      ...because(causes),
      ...instances.flatMap((instance) => [
        `  ${instance.id}: ${instance.health} (${instance.color})`,
        ...because(instance.causes),
      ]),
    ]
  }
}
