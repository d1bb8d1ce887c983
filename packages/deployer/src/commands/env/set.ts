import * as Args from '@oclif/core/args'
import * as Flags from '@oclif/core/flags'
import { changeFlags } from '../../cli/change-flags.ts'
import { CloudCommand } from '../../cli/cloud-command.ts'
import { measured } from '../../cli/deploy-lines.ts'
import { verdict } from '../../cli/deploy-verdict.ts'
import { toolsOf } from '../../cli/tools.ts'
import { readVariables } from '../../cli/variable-input.ts'
import { changeProperties, observeEnvironment } from '../../deploy/change-properties.ts'
import type { DeployResult } from '../../deploy/result.ts'
import type { Style } from '../../report/style.ts'

export default class EnvSetCommand extends CloudCommand<DeployResult> {
  static override summary = 'Set environment properties, in one update'
  static override description =
    'Asks for the value without echo, or reads standard input when it is no terminal (one newline at the end is left out). Any UTF-8 that Beanstalk can carry arrives byte for byte. Several names are one update, so one restart.'

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

  override async run(): Promise<DeployResult> {
    const { argv, flags } = await this.parse(EnvSetCommand)
    const session = await this.session()
    const { target, progress, signal } = session
    const tools = toolsOf(session)
    // Before anybody is asked for a secret that nothing could take.
    const observed = await observeEnvironment(target, tools)
    const set = await readVariables(
      {
        words: argv as string[],
        fromFile: flags['from-file'],
        generate: flags.generate,
        secret: (name) => target.variables[name]?.secret ?? false,
      },
      { screen: this.screen, progress, signal },
    )
    const remedies = { rollsBack: flags.rollback, keepsFailed: false }
    const actor = await this.actor('lucree env set', flags['lock-wait'])
    return this.withUndo(
      verdict(
        await changeProperties(
          { target, set, unset: [], wait: flags.wait, remedies, actor },
          observed,
          tools,
        ),
      ),
    )
  }

  protected override present(result: DeployResult, style: Style) {
    const { outcome, environment, steps, url } = result
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
