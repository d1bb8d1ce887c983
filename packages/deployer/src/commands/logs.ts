import * as Flags from '@oclif/core/flags'
import type { LogFile } from '../beanstalk/logs.ts'
import { CloudCommand } from '../cli/cloud-command.ts'
import { toolsOf } from '../cli/tools.ts'
import { UsageError } from '../errors.ts'
import { newLines, readLogs } from '../deploy/read-logs.ts'
import type { Style } from '../report/style.ts'

interface LogsResult {
  application: string
  environment: string
  logs: { instance: string; path: string; lines: string[] }[]
}

const APPLICATION_OUTPUT = /stdouterr\.log$/

export default class Logs extends CloudCommand<LogsResult> {
  static override summary = "Show the last lines of the application's output, or of the platform's logs"
  static override description =
    "Asks every instance for the last 100 lines of each of its logs. Without flags it shows what the application wrote; the build's output is in eb-engine.log."

  static override examples = [
    '<%= config.bin %> logs',
    '<%= config.bin %> logs --follow',
    { description: 'Why did the build fail?', command: '<%= config.bin %> logs --file eb-engine' },
    '<%= config.bin %> logs --all',
  ]

  static override flags = {
    follow: Flags.boolean({
      char: 'f',
      description: 'Go on with new lines until Ctrl-C',
      exclusive: ['json'],
    }),
    all: Flags.boolean({
      description: 'Every log, not only what the application wrote',
      exclusive: ['file'],
    }),
    file: Flags.string({ description: 'Logs whose path contains this', helpValue: '<text>' }),
    instance: Flags.string({ description: 'Only of this instance', helpValue: '<id>' }),
  }

  override async run(): Promise<LogsResult> {
    const { flags } = await this.parse(Logs)
    const session = await this.session({ allowsUnlisted: true })
    const { target } = session
    const tools = toolsOf(session)
    const matches = (path: string) =>
      flags.all || (flags.file === undefined ? APPLICATION_OUTPUT.test(path) : path.includes(flags.file))
    const wanted = ({ instanceId }: LogFile) => flags.instance === undefined || flags.instance === instanceId
    const all = await readLogs(target, () => true, tools)
    const files = all.filter(({ path }) => matches(path)).filter(wanted)
    if (files.length === 0) throw noSuchLog(all, target.environment)
    if (flags.follow) {
      this.screen.result(files.flatMap((file) => withHeading(file, this.screen.style)))
      for await (const file of newLines(target, matches, files, tools)) {
        if (wanted(file)) this.screen.result(file.lines)
      }
    }
    return {
      application: target.application,
      environment: target.environment,
      logs: files.map(({ instanceId, path, lines }) => ({ instance: instanceId, path, lines })),
    }
  }

  protected override present({ logs }: LogsResult, style: Style) {
    return logs.flatMap(({ instance, path, lines }) =>
      withHeading({ instanceId: instance, path, lines }, style),
    )
  }
}

function noSuchLog(all: LogFile[], environment: string): UsageError {
  const instances = [...new Set(all.map(({ instanceId }) => instanceId))]
  return new UsageError(`No instance of ${environment} has such a log`, {
    code: 'LUC-LOGS-NONE',
    why: instances.length > 0 ? `its instances are ${instances.join(', ')}` : 'no instance has delivered any',
    evidence: [...new Set(all.map(({ path }) => path))].slice(0, 12),
    hints: ['lucree logs --all'],
  })
}

function withHeading({ instanceId, path, lines }: LogFile, style: Style): string[] {
  return [style.bold(`==> ${instanceId} ${path} <==`), ...lines, '']
}
