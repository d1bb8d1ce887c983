import * as Flags from '@oclif/core/flags'
import { changeFlags } from '../cli/change-flags.ts'
import { CloudCommand } from '../cli/cloud-command.ts'
import { releaseNumber } from '../cli/release-number.ts'
import { deployLines } from '../cli/deploy-lines.ts'
import { verdict } from '../cli/deploy-verdict.ts'
import { planTeller } from '../cli/plan-lines.ts'
import { toolsOf } from '../cli/tools.ts'
import type { DeployResult } from '../deploy/result.ts'
import { rollback } from '../deploy/rollback.ts'
import type { Style } from '../report/style.ts'

export default class Rollback extends CloudCommand<DeployResult> {
  static override summary = 'Bring back the version and the options of an earlier release'
  static override description =
    'Without a number: the last release that was deployed before the current one. It becomes a release of its own, followed and proven as a deploy is. The versions of the last ten releases are kept, and that of the last one that worked. Secrets stay at their newest, so that one that was revoked never comes back: no earlier value of a secret is kept, and lucree env set gives it another one.'

  static override examples = [
    '<%= config.bin %> rollback',
    { description: 'To one of lucree releases', command: '<%= config.bin %> rollback 12' },
  ]

  static override args = { number: releaseNumber({ description: 'Number of the release' }) }

  static override flags = {
    'with-secrets': Flags.boolean({
      description:
        'Want the values that secrets had then too. None is kept, so it is refused (exit code 2) where a secret has another value now; without it secrets stay as they are',
    }),
    message: Flags.string({ char: 'm', description: 'Why; the release tells it' }),
    ...changeFlags,
  }

  #local = false

  override async run(): Promise<DeployResult> {
    const { args, flags } = await this.parse(Rollback)
    const session = await this.session()
    const { target, progress } = session
    this.#local = target.local
    const result = await rollback(
      {
        target,
        release: args.number,
        withSecrets: flags['with-secrets'],
        message: flags.message,
        dryRun: flags['dry-run'],
        onPlan: planTeller(progress, target),
        wait: flags.wait,
        remedies: { rollsBack: flags.rollback, keepsFailed: false },
        actor: await this.actor('lucree rollback', flags['lock-wait'], [
          ...(args.number === undefined ? [] : [String(args.number)]),
          ...(flags['with-secrets'] ? ['--with-secrets'] : []),
        ]),
      },
      toolsOf(session),
    )
    return this.withUndo(verdict(result))
  }

  protected override present(result: DeployResult, style: Style) {
    return deployLines(result, style, { local: this.#local })
  }
}
