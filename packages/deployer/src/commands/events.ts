import * as Flags from '@oclif/core/flags'
import type { BeanstalkEvent } from '../beanstalk/ports.ts'
import { CloudCommand } from '../cli/cloud-command.ts'
import { toolsOf } from '../cli/tools.ts'
import { findEnvironment } from '../deploy/status.ts'
import { newEvents, recentEvents } from '../deploy/watch-events.ts'

interface EventsResult {
  application: string
  environment: string
  events: { at: string; severity: string; message: string }[]
}

export default class Events extends CloudCommand<EventsResult> {
  static override summary = "Show the environment's events, oldest first"
  static override examples = ['<%= config.bin %> events', '<%= config.bin %> events --follow']

  static override flags = {
    follow: Flags.boolean({
      char: 'f',
      description: 'Go on with new events until Ctrl-C',
      exclusive: ['json'],
    }),
    lines: Flags.integer({
      char: 'n',
      description: 'How many of the newest',
      default: 50,
      min: 1,
      max: 1000,
    }),
    severity: Flags.option({
      description: 'This severity and above',
      options: ['TRACE', 'DEBUG', 'INFO', 'WARN', 'ERROR', 'FATAL'] as const,
    })(),
  }

  override async run(): Promise<EventsResult> {
    const { flags } = await this.parse(Events)
    const session = await this.session({ allowsUnlisted: true })
    const { target } = session
    const tools = toolsOf(session)
    await findEnvironment(target, tools)
    const events = await recentEvents(target, tools, { max: flags.lines, severity: flags.severity })
    if (flags.follow) {
      this.screen.result(events.map(line))
      const [newest] = await recentEvents(target, tools, { max: 1, severity: undefined })
      const since = new Date((newest?.at.getTime() ?? 0) + 1)
      const following = newEvents(target, { since, severity: flags.severity }, tools)
      for await (const event of following) this.screen.result([line(event)])
    }
    return {
      application: target.application,
      environment: target.environment,
      events: events.map(({ at, severity, message }) => ({ at: at.toISOString(), severity, message })),
    }
  }

  protected override present({ events }: EventsResult) {
    return events.map(({ at, severity, message }) => line({ at: new Date(at), severity, message }))
  }
}

function line({
  at,
  severity,
  message,
}: Pick<BeanstalkEvent, 'at' | 'message'> & { severity: string }): string {
  return `${at.toISOString()}  ${severity.padEnd(5)}  ${message}`
}
