import * as Flags from '@oclif/core/flags'
import { CloudCommand } from '../cli/cloud-command.ts'
import { releaseNumber } from '../cli/release-number.ts'
import { releaseLines, releaseTable } from '../cli/release-lines.ts'
import { toolsOf } from '../cli/tools.ts'
import { lookAtRelease, lookAtReleases, type ReleasesResult } from '../deploy/releases.ts'
import type { Style } from '../report/style.ts'

export default class Releases extends CloudCommand<ReleasesResult> {
  static override summary = 'Show what was released to the environment, newest first'
  static override description =
    'A release is a version with its options, numbered for the environment: who made it, when, where, why and how it ended. Values of properties and secrets are in none.'

  static override examples = [
    '<%= config.bin %> releases',
    { description: 'One of them with its properties', command: '<%= config.bin %> releases 12' },
    '<%= config.bin %> releases --json',
  ]

  static override args = { number: releaseNumber({ description: 'Number of one release' }) }

  static override flags = {
    lines: Flags.integer({
      char: 'n',
      description: 'How many of the newest',
      default: 20,
      min: 1,
      max: 1000,
    }),
  }

  override async run(): Promise<ReleasesResult> {
    const { args, flags } = await this.parse(Releases)
    const session = await this.session({ allowsUnlisted: true })
    const tools = toolsOf(session)
    if (args.number !== undefined) {
      const { releases, ...told } = await lookAtRelease(session.target, args.number, tools)
      return { ...told, releases: releases.map((release) => this.withUndo(release)) }
    }
    const listed = await lookAtReleases(session.target, flags.lines, tools)
    const result = { ...listed, releases: listed.releases.map((release) => this.withUndo(release)) }
    for (const { number, why } of result.unreadable) {
      tools.progress.emit({ kind: 'warning', message: `Release ${number} can't be read: ${why}` })
    }
    return result
  }

  protected override present(result: ReleasesResult, style: Style) {
    const [release] = result.releases
    return release?.properties ? releaseLines(release, style) : releaseTable(result, style)
  }
}
