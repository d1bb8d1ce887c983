import * as Args from '@oclif/core/args'
import * as Flags from '@oclif/core/flags'
import { changeFlags } from '../../cli/change-flags.ts'
import { CloudCommand } from '../../cli/cloud-command.ts'
import { deployLines, measured } from '../../cli/deploy-lines.ts'
import { verdict } from '../../cli/deploy-verdict.ts'
import { planTeller } from '../../cli/plan-lines.ts'
import { shellQuote } from '../../cli/shell-quote.ts'
import { toolsOf } from '../../cli/tools.ts'
import { readVariables } from '../../cli/variable-input.ts'
import { droppedNames, tellDropped } from '../../config/dropped-names.ts'
import { changeProperties } from '../../deploy/change-properties.ts'
import { lookAhead } from '../../deploy/observe-environment.ts'
import type { DeployResult } from '../../deploy/result.ts'
import { refuseIfLocked } from '../../deploy/with-lock.ts'
import type { Style } from '../../report/style.ts'

export default class EnvSetCommand extends CloudCommand<DeployResult> {
  static override summary = 'Set environment properties, in one update'
  static override description =
    'Asks for the value without echo, or reads standard input when it is no terminal (one newline at the end is left out). Any UTF-8 that Beanstalk can carry arrives byte for byte. Several names are one update, so one restart. When it fails on an environment that worked, the same command brings the value from before back, a secret’s too: it remembers it until it ends. Nothing else keeps a secret’s earlier value, so after the command has ended (killed in between, with exit code 8, or well) only setting it again brings it back. After exit code 8 Beanstalk has the value and goes on: lucree env list says applied once every instance runs with it, and the same command with the same value waits for that (one that was generated: lucree env get NAME --reveal, piped in).'

  static override examples = [
    { description: 'Change the token; asks for it', command: '<%= config.bin %> env set LUCREE_PASSWD' },
    {
      description: 'From another program',
      command: 'pass show api | <%= config.bin %> env set LUCREE_PASSWD',
    },
    { description: 'A random value', command: '<%= config.bin %> env set LUCREE_PASSWD --generate' },
    {
      description: 'Several that are no secrets',
      command: '<%= config.bin %> env set LOG_LEVEL=debug NODE_ENV=production',
    },
  ]

  static override strict = false
  static override args = {
    // Standard input is the value: with the name forgotten, oclif would take the secret for the name.
    name: Args.string({
      description: 'NAME, or NAME=VALUE; several may follow',
      required: true,
      ignoreStdin: true,
    }),
  }

  static override flags = {
    'from-file': Flags.string({
      description: 'Read the value from a file',
      helpValue: '<path>',
      exclusive: ['generate'],
    }),
    generate: Flags.boolean({ description: 'Generate a random value of 256 bits' }),
    ...changeFlags,
  }

  #local = false

  override async run(): Promise<DeployResult> {
    const { argv, flags } = await this.parse(EnvSetCommand)
    const session = await this.session()
    const { target, progress, signal } = session
    this.#local = target.local
    const tools = toolsOf(session)
    const words = argv as string[]
    const actor = await this.actor('lucree env set', flags['lock-wait'], [
      ...words.map((word) => word.replace(/=.*/s, '')),
      ...(flags.generate ? ['--generate'] : []),
      ...(flags['from-file'] === undefined ? [] : ['--from-file', shellQuote(flags['from-file'])]),
    ])
    // Before anybody is asked for a secret that nothing could take.
    const observed = await lookAhead(target, tools)
    if (!flags['dry-run'] && words.some((word) => !word.includes('='))) {
      await refuseIfLocked(tools, { target, ...actor })
    }
    const set = await readVariables(
      {
        words,
        fromFile: flags['from-file'],
        generate: flags.generate,
        secret: (name) => target.variables[name]?.secret ?? false,
      },
      { screen: this.screen, progress, signal },
    )
    const dropped = droppedNames(set.keys())
    const shell = dropped.length > 0 ? await shellOf(target.source) : undefined
    if (shell !== undefined) progress.emit({ kind: 'warning', message: tellDropped(dropped, shell) })
    const change = {
      ...{ target, set, unset: [], actor, dryRun: flags['dry-run'], wait: flags.wait },
      onPlan: planTeller(progress, target),
      remedies: { rollsBack: flags.rollback, keepsFailed: false },
    }
    return this.withUndo(verdict(await changeProperties(change, observed, tools)))
  }

  protected override present(result: DeployResult, style: Style) {
    const { outcome, environment, steps, url } = result
    if (outcome === 'planned') return deployLines(result, style, { local: this.#local })
    if (outcome === 'unchanged') return [`${style.green('Unchanged:')} ${environment} has this already`]
    const names = steps.map(({ name }) => name.replace(/^set /, '')).join(', ')
    if (outcome === 'started') return [`Started: ${names} on ${environment}; look with lucree status`]
    return [
      `${style.green('Set:')} ${names} on ${environment}; every instance runs with it`,
      ...measured(result, style),
      url ?? '',
    ]
  }
}

/** What the application starts through. Reading a Dockerfile loads its whole grammar, which this command needs for names that are no identifiers only. */
async function shellOf(source: string): Promise<string | undefined> {
  const { readFinalImage } = await import('../../bundle/read-final-image.ts')
  return readFinalImage(source)?.shell
}
