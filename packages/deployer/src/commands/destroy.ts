import * as Flags from '@oclif/core/flags'
import { type Item, itemsOf, narrowTo, takeInventory } from '../account/inventory.ts'
import { confirmByName } from '../cli/confirm.ts'
import { CloudCommand } from '../cli/cloud-command.ts'
import { toolsOf } from '../cli/tools.ts'
import { destroy } from '../deploy/destroy.ts'
import { PlatformError } from '../errors.ts'
import type { Style } from '../report/style.ts'

interface Destroyed {
  application: string
  outcome: 'destroyed' | 'planned' | 'unchanged'
  removed: Item[]
  left: Item[]
  durationMs?: number
}

export default class Destroy extends CloudCommand<Destroyed> {
  static override summary = 'Remove all that belongs to the application, and prove that nothing is left'
  static override description =
    "Lists what there is, asks for the application's name, removes it in the order that AWS demands and looks again. With --environment only that environment goes. Interrupted, the next run finishes it."

  static override examples = [
    '<%= config.bin %> destroy',
    { description: 'See what would go', command: '<%= config.bin %> destroy --dry-run' },
    {
      description: 'One environment; versions stay',
      command: '<%= config.bin %> destroy --environment staging',
    },
  ]

  static override flags = {
    'dry-run': Flags.boolean({ description: 'List what would be removed and change nothing' }),
  }

  override async run(): Promise<Destroyed> {
    const { flags } = await this.parse(Destroy)
    const session = await this.session({ anyEnvironment: true })
    const { target, cloud, signal } = session
    const { application } = target
    const tools = toolsOf(session)
    const whole = await takeInventory(cloud, target, signal)
    const inventory = flags.environment === undefined ? whole : narrowTo(whole, target.environment)
    const items = itemsOf(inventory)
    if (items.length === 0) return { application, outcome: 'unchanged', removed: [], left: [] }
    if (flags['dry-run']) return { application, outcome: 'planned', removed: [], left: items }
    if (!flags.yes) {
      const name = flags.environment === undefined ? application : target.environment
      await confirmByName(
        name,
        items.map(({ kind, name }) => `${kind} ${name}`),
        this.screen,
        signal,
      )
    }
    const result = await destroy(inventory, tools)
    if (result.left.length > 0) throw notAll(result)
    return { ...result, outcome: 'destroyed' }
  }

  protected override present({ outcome, application, removed, left }: Destroyed, style: Style) {
    const lines = (items: Item[]) => items.map(({ kind, name }) => `${kind.padEnd(12)} ${name}`)
    if (outcome === 'unchanged') return [`Nothing of ${application} is there: 0 left`]
    if (outcome === 'planned') return ['Would be removed:', ...lines(left)]
    return [...lines(removed), `${style.green('Removed')} ${removed.length}, 0 left`]
  }
}

function notAll({ left, ...document }: { left: Item[]; application: string }): PlatformError {
  return new PlatformError(`${left.length} of ${document.application} are left`, {
    code: 'LUC-DESTROY-LEFT',
    why: 'the second inventory still found them',
    evidence: left.slice(0, 12).map(({ kind, name }) => `${kind} ${name}`),
    hints: ['lucree destroy   # goes on where this ended'],
    document: { ...document, left },
  })
}
