import * as Flags from '@oclif/core/flags'
import { type ToldHolder, tellHolder } from '../beanstalk/lock/lock-failures.ts'
import { lockByHand } from '../beanstalk/lock/manual-lock.ts'
import { CloudCommand } from '../cli/cloud-command.ts'
import { lockWaitFlag } from '../cli/flags.ts'
import { toolsOf } from '../cli/tools.ts'
import { lockPlace } from '../deploy/with-lock.ts'
import type { Style } from '../report/style.ts'

interface Locked {
  application: string
  environment: string
  outcome: 'locked'
  lock: ToldHolder
}

export default class Lock extends CloudCommand<Locked> {
  static override summary = 'Keep everybody from changing the environment until it is unlocked'
  static override description =
    'Every command that changes the environment then ends with exit code 9 and tells who locked it and why. A deploy that is under way is not disturbed: it has to end first.'

  static override examples = [
    '<%= config.bin %> lock -m "no deploys before the launch"',
    { description: 'Wait for a deploy that is under way', command: '<%= config.bin %> lock --lock-wait 10m' },
  ]

  static override flags = {
    message: Flags.string({ char: 'm', description: 'Why; whoever is kept out reads it' }),
    'lock-wait': lockWaitFlag,
  }

  override async run(): Promise<Locked> {
    const { flags } = await this.parse(Lock)
    const session = await this.session()
    const { application, environment } = session.target
    const tools = toolsOf(session)
    const { lock, author } = await lockPlace(tools, session.target, this.origin)
    const holder = await lockByHand(
      lock,
      { author, message: flags.message, waitMs: flags['lock-wait'] },
      tools,
    )
    return { application, environment, outcome: 'locked', lock: tellHolder(holder) }
  }

  protected override present({ environment, lock }: Locked, style: Style) {
    return [
      `${style.green('Locked:')} ${environment}${lock.message ? ` (${lock.message})` : ''}`,
      'lucree unlock opens it again',
    ]
  }
}
