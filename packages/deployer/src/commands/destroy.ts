import * as Flags from '@oclif/core/flags'
import { type Inventory, type InventoryOf, takeInventory, toldOf } from '../account/inventory/inventory.ts'
import { type Item, itemOf, type Staying } from '../account/inventory/item.ts'
import { narrowTo, type Scope } from '../account/inventory/scope.ts'
import { confirmByName } from '../cli/confirm.ts'
import { lockWaitFlag } from '../cli/flags.ts'
import { CloudCommand } from '../cli/cloud-command.ts'
import { inventoryLines } from '../cli/inventory-lines.ts'
import type { Session } from '../cli/session.ts'
import { toolsOf } from '../cli/tools.ts'
import { environmentNamesOf, notListed } from '../config/resolve-target.ts'
import { notAllRemoved } from '../deploy/destroy-failures.ts'
import { refuseIfAnyLocked } from '../deploy/destroy-locks.ts'
import { destroy } from '../deploy/destroy.ts'
import type { Style } from '../report/style.ts'

interface Destroyed {
  application: string
  outcome: 'destroyed' | 'planned' | 'unchanged'
  /** What would go, with `--dry-run`. */
  wouldRemove?: Item[]
  removed: Item[]
  /** What looks like the application's and stays on purpose, and why. */
  kept: Staying[]
  left: Staying[]
  durationMs?: number
}

export default class Destroy extends CloudCommand<Destroyed> {
  static override summary = 'Remove all that belongs to the application, and prove that nothing is left'
  static override description =
    "Lists what there is: all environments of the application, listed in lucree.json or not, versions with their bundles, logs, log groups, security groups left behind, unfinished uploads, lucree's own records, the application, the roles that lucree made, unless another application of any region may use them, and Beanstalk's bucket, whoever made it, when nothing else is in it and the region has no other application. Asks for the application's name, removes it in the order that AWS demands and looks again. An environment that another command is changing, or that is locked, is left alone: nothing is removed then, and the exit code is 9. What it can't remove is named with the reason, and the exit code is 3 when a right is missing, 8 when an environment is still terminating at the time limit, else 5. With --environment only that environment goes. Interrupted, the next run finishes it. What stays: a default VPC, also one that --create-default-vpc made; and on this machine the key of fingerprints in ~/.local/state/lucree and the embedded Beanstalk, which lucree local reset removes."

  static override examples = [
    '<%= config.bin %> destroy',
    { description: 'See what would go', command: '<%= config.bin %> destroy --dry-run' },
    {
      description: 'One environment; versions stay',
      command: '<%= config.bin %> destroy --environment staging',
    },
    {
      description: 'Nothing that is billed by the hour stays, and every version can be deployed again',
      command: '<%= config.bin %> destroy --keep-versions',
    },
  ]

  static override flags = {
    'dry-run': Flags.boolean({ description: 'List what would be removed and change nothing' }),
    'keep-versions': Flags.boolean({
      description:
        'Keep the application with its versions, their bundles, releases and roles. The next deploy makes the environment anew, under an address that may be another: its releases count on, and no variable has its value, so those that are required have to be given again; lucree rollback N brings back what release N had but for its secrets',
    }),
    'lock-wait': lockWaitFlag,
  }

  override async run(): Promise<Destroyed> {
    const { flags } = await this.parse(Destroy)
    const session = await this.session({ anyEnvironment: true, allowsUnlisted: true })
    const { target, signal } = session
    const { application } = target
    const of = whatIsMeant(session)
    const scope: Scope = {
      environment: flags.environment === undefined ? undefined : target.environment,
      keepVersions: flags['keep-versions'],
    }
    const tools = toolsOf(session)
    const planned = narrowTo(await takeInventory(tools, of), scope)
    const { kept } = planned
    const items = planned.items.map(itemOf)
    const isBare = items.length === 0 && planned.unseen.length === 0
    if (flags['dry-run'] && !isBare) {
      const left = toldOf(planned.unseen)
      return { application, outcome: 'planned', wouldRemove: items, removed: [], kept, left }
    }
    if (isBare && target.listed) throw notListed(target.environment, application, target.listed)
    if (items.length === 0) return nothingToRemove(planned, scope)
    const actor = await this.actor('lucree destroy', flags['lock-wait'], [
      ...(flags['keep-versions'] ? ['--keep-versions'] : []),
      ...(flags.yes ? ['--yes'] : []),
    ])
    const request = { of, scope, planned, actor }
    if (!flags.yes) {
      await refuseIfAnyLocked(request, tools)
      const name = scope.environment ?? application
      await confirmByName(name, inventoryLines(items, kept), this.screen, signal)
    }
    const result = await destroy(request, tools)
    return { ...result, outcome: 'destroyed' }
  }

  protected override present({ outcome, application, wouldRemove, ...told }: Destroyed, style: Style) {
    const { removed, kept, left } = told
    if (outcome === 'planned') {
      const unseen = left.map(({ kind, name, why }) => `  ${kind} ${name}: ${why}`)
      return [
        ...(wouldRemove?.length
          ? ['Would be removed:', ...inventoryLines(wouldRemove, kept)]
          : [`Nothing of ${application} was found`, ...inventoryLines([], kept)]),
        ...(unseen.length > 0 ? ['Not known:', ...unseen] : []),
      ]
    }
    if (outcome === 'unchanged') {
      return [`Nothing to remove: 0 of ${application} left`, ...inventoryLines([], kept)]
    }
    return [...inventoryLines(removed, kept), `${style.green('Removed')} ${removed.length}, 0 left`]
  }
}

/** The application, and every environment that the project file has ever a name for. */
function whatIsMeant({ target, project }: Session): InventoryOf {
  const { application, region, environment } = target
  return {
    ...{ application, region },
    environments: [...new Set([environment, ...environmentNamesOf(project, application)])],
  }
}

/** Nothing was found; "nothing is there" can only be said when all could be looked at. */
function nothingToRemove({ application, kept, unseen }: Inventory, scope: Scope): Destroyed {
  const result = { application, removed: [], kept, left: toldOf(unseen) }
  if (unseen.length === 0) return { ...result, outcome: 'unchanged' }
  const errors = unseen.map(({ error }) => error)
  throw notAllRemoved(result, { errors, hints: [...new Set(errors.flatMap(({ hints }) => hints))], scope })
}
