import { existsSync } from 'node:fs'
import { join } from 'node:path'
import writeFileAtomic from 'write-file-atomic'
import { LucreeCommand } from '../cli/base-command.ts'
import { confirmYes } from '../cli/confirm-yes.ts'
import { yesFlag } from '../cli/flags.ts'
import { propose, type Proposal } from '../cli/init/propose.ts'
import { parseProject, PROJECT_FILE } from '../config/project-file.ts'

interface Init {
  /** Absolute path of what was written. */
  file: string
  settings: Proposal['settings']
  /** The EB CLI's file that it was made from. */
  importedFrom: string | null
}

export default class InitCommand extends LucreeCommand<Init> {
  static override summary = 'Write lucree.json for the project in this directory'
  static override description =
    'Looks for the Dockerfile, its HEALTHCHECK and the variables that it names without a value, and takes over what an EB CLI .elasticbeanstalk/config.yml says. Without a lucree.json a directory with a Dockerfile deploys all the same.'

  static override examples = [
    '<%= config.bin %> init',
    { description: 'Without questions', command: '<%= config.bin %> init --yes' },
  ]

  static override flags = { yes: yesFlag }

  override async run(): Promise<Init> {
    const { flags } = await this.parse(InitCommand)
    const dir = process.cwd()
    const file = join(dir, PROJECT_FILE)
    const { settings, importedFrom, remarks } = await propose(dir)
    const text = `${JSON.stringify(settings, null, 2)}\n`
    parseProject(text, dir)
    if (existsSync(file)) {
      const { screen, signal } = this
      await confirmYes(`Replace ${file}?`, { yes: flags.yes, screen, signal })
    }
    await writeFileAtomic(file, text)
    for (const message of remarks) this.screen.reporter.emit({ kind: 'warning', message })
    return { file, settings, importedFrom: importedFrom ?? null }
  }

  protected override present({ settings, importedFrom }: Init) {
    return [
      `Wrote ${PROJECT_FILE}: application ${settings.application ?? ''}, source ${settings.source ?? '.'}`,
      ...(importedFrom ? [`Taken over from ${importedFrom}`] : []),
      'Deploy it to this machine: lucree deploy --local',
    ]
  }
}
