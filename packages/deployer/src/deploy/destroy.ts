import { type Inventory, type InventoryOf, takeInventory, toldOf } from '../account/inventory/inventory.ts'
import type { Item, Staying } from '../account/inventory/item.ts'
import { narrowTo, type Scope } from '../account/inventory/scope.ts'
import { Ledger } from '../account/removal/ledger.ts'
import { lookUntil } from '../beanstalk/poll.ts'
import { Interrupted, LucreeError } from '../errors.ts'
import { interruptedRemoval, notAllRemoved } from './destroy-failures.ts'
import { type HeldLocks, withLocks } from './destroy-locks.ts'
import { removeAll } from './remove-all.ts'
import { terminateAll } from './terminate-all.ts'
import { stage, type Tools, waiting } from './tools.ts'
import type { Actor } from './with-lock.ts'

export interface DestroyRequest {
  of: InventoryOf
  scope: Scope
  /** What was shown before it was asked whether it may go; environments that came later are left alone. */
  planned: Inventory
  actor: Omit<Actor, 'fingerprintKey'>
}

export interface DestroyResult {
  application: string
  removed: Item[]
  /** What looks like the application's and was left alone on purpose. */
  kept: Staying[]
  left: Staying[]
  durationMs: number
}

/**
 * Removes what the inventory lists, in the order that AWS demands, and looks again; meanwhile nobody else changes the environments that go, whose
 * locks it holds and removes last. It may be interrupted, killed and run again at any point. What one
 * kind of thing refuses doesn't stop the others. Throws when anything is left ({@link notAllRemoved}: exit 3 for want of rights, 8 at the time
 * limit, else 5), and on Ctrl-C with what is left by then.
 */
export function destroy(request: DestroyRequest, tools: Tools): Promise<DestroyResult> {
  return withLocks(request, tools, (locks, held) => removeUnder(locks, request, held))
}

async function removeUnder(locks: HeldLocks, request: DestroyRequest, tools: Tools): Promise<DestroyResult> {
  const { planned } = request
  const began = tools.clock.now()
  const ledger = new Ledger()
  ledger.expect(planned.items)
  const isOnlyForThis = madeForThis(locks, planned)
  const tell = (left: Staying[], kept: Staying[] = planned.kept) => ({
    ...{ application: planned.application, kept, left },
    removed: ledger.gone(left).filter((item) => !isOnlyForThis(item)),
    durationMs: tools.clock.now() - began,
  })
  try {
    await terminateAll(planned, ledger, tools)
    await removeAll(await lookAround(request, ledger, tools), { ledger, locks }, tools)
    const last = await stage(
      tools,
      'Look again',
      () => lookUntilSettled(request, ledger, tools),
      ({ items, unseen }) => `${items.length + unseen.length} left`,
    )
    const left = [
      ...ledger.explain(last.items, 'it was still there when looked again'),
      ...toldOf(last.unseen),
    ]
    const result = tell(left, last.kept)
    if (left.length === 0) return result
    throw notAllRemoved(result, {
      errors: [...ledger.errorsFor(left), ...last.unseen.map(({ error }) => error)],
      hints: ledger.hintsFor(left),
      scope: request.scope,
    })
  } catch (error) {
    const remaining = () => tell(ledger.remaining('it was not reached'))
    const thrown: unknown = tools.signal.aborted ? tools.signal.reason : error
    if (thrown instanceof Interrupted) throw interruptedRemoval(remaining(), request.scope, thrown)
    if (thrown instanceof LucreeError && !('left' in thrown.document))
      Object.assign(thrown.document, remaining())
    throw thrown
  }
}

/** Tells locks that were made for this removal: they are nothing of what was to go. */
function madeForThis(locks: HeldLocks, { items }: Inventory): (item: Item) => boolean {
  const names = [...locks].map(([key, { place }]) => `s3://${place.bucket}/${key}`)
  const made = new Set(names.filter((name) => !items.some((item) => item.name === name)))
  return ({ name }) => made.has(name)
}

/** What there is now, within the scope, as the ledger has to know it. */
async function lookAround(
  { of, scope, planned }: DestroyRequest,
  ledger: Ledger,
  tools: Tools,
): Promise<Inventory> {
  const now = narrowTo(await takeInventory(tools, of, planned), scope)
  ledger.reconcile(now)
  return now
}

/** What was removed may be told as there for some seconds; what has a reason to be there isn't waited for. */
async function lookUntilSettled(request: DestroyRequest, ledger: Ledger, tools: Tools): Promise<Inventory> {
  let last: Inventory | undefined
  await lookUntil(waiting(tools, tools.graceMs), async () => {
    last = await lookAround(request, ledger, tools)
    return last.items.every((item) => ledger.knowsWhy(item)) || undefined
  })
  return last ?? lookAround(request, ledger, tools)
}
