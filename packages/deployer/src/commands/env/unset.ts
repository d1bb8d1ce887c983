import * as Args from '@oclif/core/args'
import { changeFlags } from '../../cli/change-flags.ts'
import { CloudCommand } from '../../cli/cloud-command.ts'
import { deployLines, measured } from '../../cli/deploy-lines.ts'
import { verdict } from '../../cli/deploy-verdict.ts'
import { planTeller } from '../../cli/plan-lines.ts'
import { toolsOf } from '../../cli/tools.ts'
import { changeProperties } from '../../deploy/change-properties.ts'
import { lookAhead } from '../../deploy/observe-environment.ts'
import type { DeployResult } from '../../deploy/result.ts'
import { UsageError } from '../../errors.ts'
import type { Style } from '../../report/style.ts'

export default class EnvUnsetCommand extends CloudCommand<DeployResult> {
  static override summary = 'Remove environment properties, in one update'
  static override examples = ['<%= config.bin %> env unset LOG_LEVEL']

  static override strict = false
  static override args = {
    name: Args.string({ description: 'NAME; several may follow', required: true, ignoreStdin: true }),
  }

  static override flags = {
    ...changeFlags,
  }

  #local = false

  override async run(): Promise<DeployResult> {
    const { argv, flags } = await this.parse(EnvUnsetCommand)
    const session = await this.session()
    const { target, progress } = session
    this.#local = target.local
    const unset = argv as string[]
    const required = unset.find((name) => target.variables[name]?.required)
    if (required !== undefined && !flags.yes && !flags['dry-run']) {
      throw new UsageError(`${required} is required by lucree.json`, {
        code: 'LUC-ENV-UNSET-REQUIRED',
        why: 'the application may not start without it',
        hints: [`lucree env set ${required}`, `lucree env unset ${required} --yes`],
      })
    }
    const tools = toolsOf(session)
    const observed = await lookAhead(target, tools)
    const change = {
      ...{ target, set: new Map(), unset, dryRun: flags['dry-run'], wait: flags.wait },
      onPlan: planTeller(progress, target),
      remedies: { rollsBack: flags.rollback, keepsFailed: false },
      actor: await this.actor('lucree env unset', flags['lock-wait'], [
        ...unset,
        ...(flags.yes ? ['--yes'] : []),
      ]),
    }
    return this.withUndo(verdict(await changeProperties(change, observed, tools)))
  }

  protected override present(result: DeployResult, style: Style) {
    const { outcome, environment, steps } = result
    if (outcome === 'planned') return deployLines(result, style, { local: this.#local })
    if (outcome === 'unchanged') return [`${style.green('Unchanged:')} ${environment} has none of these`]
    const names = steps.map(({ name }) => name.replace(/^unset /, '')).join(', ')
    if (outcome === 'started')
      return [`Started: removing ${names} from ${environment}; look with lucree status`]
    return [
      `${style.green('Removed:')} ${names} from ${environment}; no instance has it any more`,
      ...measured(result, style),
    ]
  }
}
