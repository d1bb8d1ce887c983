import { resolve } from 'node:path'
import * as Flags from '@oclif/core/flags'
import { listSource } from '../bundle/list-source.ts'
import { runBuild } from '../bundle/run-build.ts'
import { refusePlace, saveBundle } from '../bundle/save-bundle.ts'
import { LucreeCommand } from '../cli/base-command.ts'
import { bundleLines } from '../cli/bundle-lines.ts'
import { type BundleDocument, describeListed } from '../cli/bundle-document.ts'
import { sourceOf } from '../config/resolve-target.ts'
import { loadProject } from '../config/project-file.ts'
import type { Style } from '../report/style.ts'

export default class BundleCommand extends LucreeCommand<BundleDocument> {
  static override summary = 'Show or write the zip that a deploy would send'
  static override description =
    'Runs the "build" of lucree.json and makes the bundle, as deploy does. It asks no cloud. --list shows each file that ships with its size, and each path that is left out with the line of the ignore file; it also shows what a deploy would refuse. Without --list the command fails where a deploy would refuse the bundle. --output writes the zip, which only you can read. lucree deploy --bundle FILE deploys that zip: build once, and deploy the same bytes to each environment.'

  static override examples = [
    '<%= config.bin %> bundle',
    {
      description: 'What ships, and which line leaves out the rest',
      command: '<%= config.bin %> bundle --list',
    },
    {
      description: 'Build once, to deploy it to several environments',
      command: '<%= config.bin %> bundle --output bundle.zip',
    },
  ]

  static override flags = {
    list: Flags.boolean({
      description: 'Each file that ships, and each path that is left out with its rule',
    }),
    output: Flags.string({
      char: 'o',
      description: 'Write the zip to this file; one of that name is replaced',
      helpValue: '<file>',
    }),
  }

  #list = false

  override async run(): Promise<BundleDocument> {
    const { flags } = await this.parse(BundleCommand)
    const { signal, clock } = this
    this.#list = flags.list
    const output = flags.output === undefined ? undefined : resolve(flags.output)
    if (output !== undefined) await refusePlace(output)
    const { dir, settings } = await loadProject(process.cwd())
    const request = {
      source: sourceOf({ dir, settings }),
      include: settings.include ?? [],
      projectDir: dir,
      signal,
      clock,
    }
    if (settings.build !== undefined) await this.#build(settings.build, dir)
    const listed = await listSource(request)
    try {
      const [refusal] = listed.refusals
      if (refusal && (!flags.list || output !== undefined)) throw refusal
      if (output !== undefined && listed.zip) {
        await saveBundle(listed.zip.path, output)
        if (listed.wouldShip(output)) listed.warnings.push(willShip(output))
      }
      for (const message of listed.warnings) this.screen.reporter.emit({ kind: 'warning', message })
      return describeListed(listed, { source: request.source, output })
    } finally {
      await listed.zip?.dispose()
    }
  }

  async #build(command: string, cwd: string): Promise<void> {
    const { signal, clock } = this
    const onLine = (line: string) => this.screen.reporter.emit({ kind: 'output', source: 'build', line })
    await runBuild({ command, cwd, signal, onLine, clock })
  }

  protected override present(document: BundleDocument, style: Style): string[] {
    return bundleLines(document, style, { list: this.#list })
  }
}

function willShip(output: string): string {
  return `${output} is in the source, so the next bundle will contain it: write it elsewhere, or leave it out with a line in .dockerignore.`
}
