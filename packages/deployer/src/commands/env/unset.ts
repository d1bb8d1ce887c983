import * as Args from '@oclif/core/args'
import { changeFlags } from '../../cli/change-flags.ts'
import { CloudCommand } from '../../cli/cloud-command.ts'
import { measured } from '../../cli/deploy-lines.ts'
import { verdict } from '../../cli/deploy-verdict.ts'
import { toolsOf } from '../../cli/tools.ts'
import { changeProperties, observeEnvironment } from '../../deploy/change-properties.ts'
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

  override async run(): Promise<DeployResult> {
    const { argv, flags } = await this.parse(EnvUnsetCommand)
    const session = await this.session()
    const { target } = session
    const unset = argv as string[]
    const required = unset.find((name) => target.variables[name]?.required)
    if (required !== undefined && !flags.yes) {
      throw new UsageError(`${required} is required by lucree.json`, {
        code: 'LUC-ENV-UNSET-REQUIRED',
        why: 'the application may not start without it',
        hints: [`lucree env set ${required}`, `lucree env unset ${required} --yes`],
      })
    }
    const tools = toolsOf(session)
    const observed = await observeEnvironment(target, tools)
    const remedies = { rollsBack: flags.rollback, keepsFailed: false }
    const actor = await this.actor('lucree env unset', flags['lock-wait'])
    return this.withUndo(
      verdict(
        await changeProperties(
          { target, set: new Map(), unset, wait: flags.wait, remedies, actor },
          observed,
          tools,
        ),
      ),
    )
  }

  protected override present(result: DeployResult, style: Style) {
    const { outcome, environment, steps } = result
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
