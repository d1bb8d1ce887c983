import * as Args from '@oclif/core/args'
import * as Flags from '@oclif/core/flags'
import { CloudCommand } from '../../cli/cloud-command.ts'
import { userFingerprintKey } from '../../cli/fingerprints.ts'
import { toolsOf } from '../../cli/tools.ts'
import { observeEnvironment } from '../../deploy/observe-environment.ts'
import { describeVariables, type VariableEntry, variableOf } from '../../deploy/variables.ts'
import { UsageError } from '../../errors.ts'
import { Revealed } from '../../report/scrub.ts'

interface EnvGet extends VariableEntry {
  /** Only with `--reveal`. */
  value?: Revealed
}

export default class EnvGetCommand extends CloudCommand<EnvGet> {
  static override summary = 'Show one environment property; its value only with --reveal'

  static override examples = [
    '<%= config.bin %> env get LUCREE_PASSWD',
    {
      description: 'Call the API with its token, which then stands on no screen',
      command: 'curl -H "Authorization: Token $(<%= config.bin %> env get LUCREE_PASSWD --reveal)" URL',
    },
  ]

  static override args = {
    name: Args.string({ description: 'Name of the property', required: true, ignoreStdin: true }),
  }

  static override flags = {
    reveal: Flags.boolean({ description: 'Print the value, and nothing else, to standard output' }),
  }

  override async run(): Promise<EnvGet> {
    const { args, flags } = await this.parse(EnvGetCommand)
    const session = await this.session({ allowsUnlisted: true })
    const { environment } = session.target
    const observed = await observeEnvironment(session.target, { ...toolsOf(session), steadyMs: 0 })
    const entries = describeVariables(observed, await userFingerprintKey())
    const entry = entries.find(({ name }) => name === args.name)
    const value = variableOf(observed, args.name)
    if (!entry || !value) {
      throw new UsageError(`${environment} has no property ${args.name}`, {
        code: 'LUC-ENV-UNKNOWN',
        why: entries.length > 0 ? `it has ${entries.map(({ name }) => name).join(', ')}` : 'it has none',
        hints: [`lucree env set ${args.name}`],
      })
    }
    return flags.reveal ? { ...entry, value: new Revealed(value.reveal()) } : entry
  }

  protected override present({ name, length, fingerprint, state, value }: EnvGet) {
    return value ? [value] : [`${name}: ${length} bytes, fingerprint ${fingerprint}, ${state}`]
  }
}
