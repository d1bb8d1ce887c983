import type { Inventory } from '../account/inventory/inventory.ts'
import { type Held, identityOf, isKind, type Item, type Kind } from '../account/inventory/item.ts'
import { neededBy } from '../account/inventory/scope.ts'
import { revokeCommand } from '../account/inventory/security-groups.ts'
import type { Ledger } from '../account/removal/ledger.ts'
import { persistently } from '../account/removal/persistently.ts'
import { removeItem, type Single } from '../account/removal/remove-item.ts'
import { LucreeError } from '../errors.ts'
import { type HeldLocks, isLock } from './destroy-locks.ts'
import { stage, type Tools, waiting } from './tools.ts'

const NOUNS: Record<Kind, string> = {
  environment: 'environments',
  'saved-configuration': 'saved configurations',
  version: 'versions',
  object: 'objects',
  upload: 'unfinished uploads',
  'log-group': 'log groups',
  'security-group': 'security groups',
  application: 'application',
  'instance-profile': 'instance profile',
  role: 'roles',
  bucket: 'bucket',
}

/**
 * Kind after kind in the order that AWS demands; an environment that is still there keeps what it needs. The locks go when all is gone that they
 * guard: only the bucket that they are in comes after them.
 */
export async function removeAll(
  { application, items }: Inventory,
  { ledger, locks }: { ledger: Ledger; locks: HeldLocks },
  tools: Tools,
): Promise<void> {
  const needed = neededBy(items)
  for (const { why, ...item } of needed.values()) ledger.heldBack(item, why)
  for (const environment of items.filter(isKind('environment'))) {
    if (!ledger.knowsWhy(environment)) ledger.heldBack(environment, 'it was made meanwhile')
  }
  const going = items.filter((item) => item.kind !== 'environment' && !needed.has(identityOf(item)))
  const guarded = going.filter((item) => !isLock(item, application))
  const removeKind = async (kind: Kind) => {
    const ofKind = guarded.filter((item) => item.kind === kind)
    const remove = () =>
      kind === 'object'
        ? removeObjects(ofKind.filter(isKind('object')), ledger, tools)
        : removeSingles(ofKind.filter(isSingle), { application, ledger, items }, tools)
    await stage(tools, `Remove ${NOUNS[kind]}`, remove, () => ledger.count(ofKind, 'removed'))
  }
  const kinds = new Set(guarded.map((item) => item.kind))
  for (const kind of kinds) if (kind !== 'bucket') await removeKind(kind)
  const locked = going.filter(isKind('object')).filter((item) => isLock(item, application))
  if (locked.length > 0) {
    const unlock = () => removeLocks(locked, { ledger, locks, items }, tools)
    await stage(tools, 'Remove locks', unlock, () => ledger.count(locked, 'removed'))
  }
  if (kinds.has('bucket')) await removeKind('bucket')
}

/** One that came meanwhile isn't touched, and one whose environment has records left stays with them: its number is in them. */
async function removeLocks(
  objects: Held<'object'>[],
  { ledger, locks, items }: { ledger: Ledger; locks: HeldLocks; items: Held[] },
  tools: Tools,
): Promise<void> {
  for (const object of objects) {
    const lease = locks.get(object.key)
    const isOfIts = (held: Held) =>
      held.kind === 'object' && held.what.is === 'record' && held.environment === object.environment
    const isLeft = (held: Held) => held !== object && isOfIts(held) && !ledger.wasRemoved(held)
    if (!lease) ledger.heldBack(object, `somebody has begun to change ${object.environment} meanwhile`)
    else if (items.some(isLeft)) ledger.heldBack(object, 'the releases that were made under it are left')
    else await attempt([object], () => lease.remove(tools.signal), ledger, tools)
  }
}

function isSingle(held: Held): held is Single {
  return held.kind !== 'environment' && held.kind !== 'object'
}

/** One after the other: Beanstalk's rate limit is the whole account's (facts sheet §3.2). */
async function removeSingles(
  held: Single[],
  { application, ledger, items }: { application: string; ledger: Ledger; items: Held[] },
  tools: Tools,
): Promise<void> {
  const began = tools.clock.now()
  for (const [index, item] of held.entries()) {
    tools.signal.throwIfAborted()
    tools.progress.emit({
      kind: 'waiting',
      reason: `removing ${index + 1} of ${held.length} ${NOUNS[item.kind]}`,
      sinceMs: tools.clock.now() - began,
      deadlineMs: tools.deadline - began,
    })
    const obstacle = obstacleOf(item, items, ledger)
    if (obstacle) ledger.heldBack(item, obstacle.why, obstacle.hints)
    else {
      const remove = () => removeItem(tools.cloud, application, item, tools.signal)
      await attempt([item], remove, ledger, tools)
    }
  }
}

/** What is known to keep a thing from going: AWS isn't asked then. */
function obstacleOf(
  item: Single,
  items: Held[],
  ledger: Ledger,
): { why: string; hints?: string[] } | undefined {
  const stays = (held: Held) => !ledger.wasRemoved(held)
  if (item.kind === 'security-group' && item.referencedBy.length > 0) {
    const holders = item.referencedBy.map(({ id, name }) => `${id} (${name})`).join(', ')
    const hints = item.referencedBy.map(({ id }) => revokeCommand(id, item.name))
    return { why: `a rule of the security group ${holders}, which isn't lucree's, names it`, hints }
  }
  if (item.kind === 'role') {
    const within = items.filter(isKind('instance-profile')).find(({ roles }) => roles.includes(item.name))
    if (within && stays(within)) return { why: `the instance profile ${within.name} is still there` }
  }
  if (item.kind === 'bucket' && items.some((held) => held.kind === 'object' && stays(held))) {
    return { why: 'it is not empty' }
  }
  return undefined
}

/** A thousand to a call. A bundle whose version is still there stays with it. */
async function removeObjects(objects: Held<'object'>[], ledger: Ledger, tools: Tools): Promise<void> {
  const isFree = ({ what }: (typeof objects)[number]) =>
    what.is !== 'bundle' || what.of.every((label) => ledger.wasRemoved({ kind: 'version', name: label }))
  for (const held of objects) if (!isFree(held)) ledger.heldBack(held, 'its version is still there')
  const free = objects.filter(isFree)
  for (const bucket of new Set(free.map((held) => held.bucket))) {
    const within = free.filter((held) => held.bucket === bucket)
    const keys = within.map(({ key }) => key)
    await attempt(within, () => tools.cloud.bundles.remove(bucket, keys, tools.signal), ledger, tools)
  }
}

/** Removes, and writes down what became of it. Only Ctrl-C and bugs are thrown. */
async function attempt(
  items: Item[],
  remove: () => Promise<void>,
  ledger: Ledger,
  tools: Tools,
): Promise<void> {
  try {
    await persistently(waiting(tools), remove)
    for (const item of items) ledger.removed(item)
  } catch (error) {
    if (tools.signal.aborted || !(error instanceof LucreeError)) throw error
    for (const item of items) ledger.refused(item, error)
  }
}
