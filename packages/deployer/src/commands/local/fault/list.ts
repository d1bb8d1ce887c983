import { type FaultList, listFaults } from '../../../cli/local/fault-control.ts'
import { armedWords } from '../../../cli/local/fault-lines.ts'
import { LocalCommand } from '../../../cli/local/local-command.ts'
import { ensureServer } from '../../../cli/local/start.ts'
import type { Style } from '../../../report/style.ts'
import { table } from '../../../report/table.ts'

export default class LocalFaultList extends LocalCommand<FaultList> {
  static override summary =
    'List what the embedded Beanstalk can be made to get wrong, and what of it is armed'
  static override description =
    'A fault waits for its moment: the next request, event or instance that it means. Starts the embedded Beanstalk when it is not running.'

  static override examples = [
    '<%= config.bin %> local fault list',
    '<%= config.bin %> local fault list --json',
  ]

  override async run(): Promise<FaultList> {
    const { server } = await ensureServer({ dir: this.directory, environment: this.environment }, this.around)
    return listFaults(server, this.around)
  }

  protected override present({ faults, armed }: FaultList, style: Style) {
    const rows = faults.map(({ name, argument, does }) => {
      const mine = armed.filter(({ fault }) => fault === name || fault.startsWith(`${name}:`))
      return [
        argument === null ? name : `${name}:<${argument}>`,
        mine.map((one) => `${one.fault.slice(name.length)} ${armedWords(one)}`.trim()).join('; '),
        does,
      ]
    })
    return table(['NAME', 'ARMED', 'WHAT IT DOES'], rows, style)
  }
}
