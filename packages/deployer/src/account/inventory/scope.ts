import type { Inventory } from './inventory.ts'
import { type Held, identityOf, isKind, itemOf, type Kind, type Staying } from './item.ts'

/** What of an application is to go. */
export interface Scope {
  /** This environment alone; without it everything. */
  environment: string | undefined
  /** The application stays with its versions, so that it can be deployed again. */
  keepVersions: boolean
}

const STAYS_WITH_VERSIONS: readonly Kind[] = [
  'saved-configuration',
  'version',
  'application',
  'instance-profile',
  'role',
  'bucket',
]

/** The inventory without what is not asked to go; `--keep-versions` names it under `kept`. Pure. */
export function narrowTo(inventory: Inventory, { environment, keepVersions }: Scope): Inventory {
  if (environment !== undefined) {
    const items = inventory.items.filter((held) => held.environment === environment)
    return { ...inventory, items, kept: [] }
  }
  if (!keepVersions) return inventory
  const stays = (held: Held) =>
    STAYS_WITH_VERSIONS.includes(held.kind) || (held.kind === 'object' && held.what.is !== 'log')
  const kept = inventory.items
    .filter(stays)
    .map((held) => ({ ...itemOf(held), why: 'it belongs to the versions, which --keep-versions keeps' }))
  return {
    ...inventory,
    items: inventory.items.filter((held) => !stays(held)),
    kept: [...inventory.kept, ...kept],
  }
}

/**
 * What must stay because an environment is still there, each with the reason: an environment that can't be terminated goes on serving, and has to be
 * able to start further instances. Pure.
 */
export function neededBy(items: Held[]): Map<string, Staying> {
  const environments = items.filter(isKind('environment'))
  const held = new Map<string, Staying>()
  for (const { name: environment, description } of environments) {
    const label = description.versionLabel
    for (const item of items) {
      if (item.kind !== 'environment' && isNeeded(item, environment, label)) {
        held.set(identityOf(item), {
          ...itemOf(item),
          why: `the environment ${environment} is still there and needs it`,
        })
      }
    }
  }
  return held
}

function isNeeded(item: Held, environment: string, label: string | undefined): boolean {
  switch (item.kind) {
    case 'version':
      return item.label === label
    case 'object':
      if (item.what.is === 'bundle') return label !== undefined && item.what.of.includes(label)
      return item.environment === undefined || item.environment === environment
    case 'upload':
      return false
    case 'saved-configuration':
    case 'log-group':
    case 'security-group':
      return item.environment === environment
    default:
      return true
  }
}
