import * as Flags from '@oclif/core/flags'
import { CloudCommand } from '../cli/cloud-command.ts'
import { confirmYes } from '../cli/confirm-yes.ts'
import { userFingerprintKey } from '../cli/fingerprints.ts'
import { duration, steadyFlag } from '../cli/flags.ts'
import { toolsOf } from '../cli/tools.ts'
import { withTakenLock } from '../deploy/take-lock.ts'
import { requireEnvironment, unstick, type UnstickResult } from '../deploy/unstick/unstick.ts'
import type { Style } from '../report/style.ts'

export default class Unstick extends CloudCommand<UnstickResult> {
  static override summary = "Lead an environment back that is stuck or doesn't work"
  static override description =
    "Says what it sees, takes the least destructive step that can help (wait, abort, restart, deploy the last good release again, restore its options, rebuild, terminate and revive), follows it and looks again, until every instance runs one version and the application answers, and goes on answering. It asks before a step that loses something. An operation counts as stuck when the environment has said nothing for as long as Beanstalk gives a command: the option Timeout and four minutes. When a command that is running holds the environment's lock, --force takes it over."

  static override examples = [
    '<%= config.bin %> unstick',
    {
      description: 'Only say what is seen and what would be done',
      command: '<%= config.bin %> unstick --dry-run',
    },
    {
      description: 'From a script, without patience, whatever it takes',
      command: '<%= config.bin %> unstick --stalled-after 5m --yes',
    },
  ]

  static override flags = {
    'dry-run': Flags.boolean({ description: 'Say what is seen and what would be done, and change nothing' }),
    force: Flags.boolean({ description: 'Also while another command holds the lock' }),
    'stalled-after': duration({
      description: 'Take an operation for stuck after so long without an event',
      env: 'LUCREE_STALLED_AFTER',
    }),
    steady: steadyFlag,
  }

  override async run(): Promise<UnstickResult> {
    const { flags } = await this.parse(Unstick)
    const session = await this.session({ allowsUnlisted: true })
    const { target, signal } = session
    const tools = toolsOf(session)
    const request = {
      target,
      stalledAfterMs: flags['stalled-after'],
      key: await userFingerprintKey(),
      dryRun: flags['dry-run'],
      confirm: ({ does, loses }: { does: string; loses?: string }, sees: string) =>
        confirmYes(`${sees}. What is left is to ${does}. It costs ${loses}. Go on?`, {
          ...{ yes: flags.yes, screen: this.screen, signal },
        }),
    }
    // Nothing is locked where there is nothing.
    await requireEnvironment(target, tools)
    if (request.dryRun) return unstick(request, tools)
    const undertaking = {
      target,
      command: 'lucree unstick',
      waitMs: 0,
      origin: this.origin,
      force: flags.force,
    }
    return withTakenLock(tools, undertaking, (held) => unstick(request, held))
  }

  protected override present({ outcome, sees, steps, environment, ...now }: UnstickResult, style: Style) {
    const { status, health, version, serving, url } = now
    if (outcome === 'unchanged') return [`${style.green('Nothing to do:')} ${sees}`, url ?? '']
    const lines = steps.map(({ does, loses, outcome: end, why }, at) => {
      const costs = loses === null ? '' : ` ${style.dim(`(asks first; costs ${loses})`)}`
      return outcome === 'planned'
        ? `  ${at + 1}. ${does}${costs}`
        : `  ${does}: ${end === 'no-help' ? 'did not help' : end}${why === null ? '' : ` (${why})`}`
    })
    if (outcome === 'planned') {
      const what =
        steps.length > 0 ? 'Would be done, one after the other until it works:' : 'Nothing would be done'
      return [sees, what, ...lines]
    }
    return [
      ...lines,
      `${style.green('Works again:')} ${environment} is ${status} (${health}) and runs ${version}; ${serving}`,
      url ?? '',
    ]
  }
}
