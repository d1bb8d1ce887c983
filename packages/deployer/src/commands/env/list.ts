import { CloudCommand } from '../../cli/cloud-command.ts'
import { userFingerprintKey } from '../../cli/fingerprints.ts'
import { toolsOf } from '../../cli/tools.ts'
import { observeEnvironment } from '../../deploy/observe-environment.ts'
import { describeVariables, type VariableEntry } from '../../deploy/variables.ts'
import type { Style } from '../../report/style.ts'
import { table } from '../../report/table.ts'

interface EnvList {
  application: string
  environment: string
  variables: VariableEntry[]
}

export default class EnvListCommand extends CloudCommand<EnvList> {
  static override summary = 'List the environment properties, without their values'
  static override description =
    'Shows name, where it is kept, length in bytes and a fingerprint that is the same for the same value (for you, on this machine).'

  static override examples = ['<%= config.bin %> env list', '<%= config.bin %> env list --json']

  override async run(): Promise<EnvList> {
    const session = await this.session({ allowsUnlisted: true })
    const { application, environment } = session.target
    const observed = await observeEnvironment(session.target, { ...toolsOf(session), steadyMs: 0 })
    return { application, environment, variables: describeVariables(observed, await userFingerprintKey()) }
  }

  protected override present({ environment, variables }: EnvList, style: Style) {
    if (variables.length === 0) return [`${environment} has no environment properties`]
    const rows = variables.map(({ name, store, length, fingerprint, state }) => [
      name,
      store,
      String(length),
      fingerprint,
      state,
    ])
    return table(['NAME', 'STORE', 'BYTES', 'FINGERPRINT', 'STATE'], rows, style)
  }
}
