import * as Flags from '@oclif/core/flags'
import { addressed } from '../cli/addressed-hints.ts'
import { CloudCommand } from '../cli/cloud-command.ts'
import { toolsOf } from '../cli/tools.ts'
import { abort, type AbortResult, findUpdate } from '../deploy/abort.ts'
import { withTakenLock } from '../deploy/take-lock.ts'
import type { Style } from '../report/style.ts'

export default class Abort extends CloudCommand<AbortResult> {
  static override summary = 'Stop the update that is under way in the environment'
  static override description =
    "Beanstalk takes the update's options back, but not its version: an instance that has the new version keeps it. Instances may so run different versions afterwards; the result says it. Only updates can be aborted. When a command that is running holds the environment's lock, --force takes it over: that command then ends at its next step."

  static override examples = [
    '<%= config.bin %> abort',
    { description: 'Although a deploy is still waiting for it', command: '<%= config.bin %> abort --force' },
  ]

  static override flags = {
    force: Flags.boolean({ description: 'Also while another command holds the lock' }),
  }

  override async run(): Promise<AbortResult> {
    const { flags } = await this.parse(Abort)
    const session = await this.session({ allowsUnlisted: true })
    const { target } = session
    const tools = toolsOf(session)
    const told = ({ next, ...result }: AbortResult): AbortResult => ({
      ...result,
      next: next.map((command) => addressed(command, (words) => session.commandLine(words))),
    })
    // Nothing is locked where nothing is to be done.
    const { status } = await findUpdate(target, tools)
    if (status === 'Ready') return told(await abort(target, tools))
    const undertaking = {
      target,
      command: 'lucree abort',
      waitMs: 0,
      origin: this.origin,
      force: flags.force,
    }
    return told(await withTakenLock(tools, undertaking, (held) => abort(target, held)))
  }

  protected override present(result: AbortResult, style: Style) {
    const { outcome, environment, status, health, version, instances, serving, next } = result
    const first =
      outcome === 'unchanged'
        ? `Nothing to abort: ${environment} is ${status}`
        : `${style.green('Aborted:')} ${environment} is ${status} (${health})`
    const fleet = instances.map(({ id, version: runs }) => `  ${id} runs ${runs ?? 'no version'}`)
    return [
      first,
      `Version  ${version ?? '-'}${result.mixed ? ', but not on every instance:' : ''}`,
      ...(result.mixed ? fleet : []),
      `Serving  ${serving}`,
      ...next.map((command) => `Next:    ${command}`),
    ]
  }
}
