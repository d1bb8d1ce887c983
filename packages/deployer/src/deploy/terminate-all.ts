import type { Inventory } from '../account/inventory/inventory.ts'
import { type Held, isKind } from '../account/inventory/item.ts'
import { groupsOf, revokeCommand } from '../account/inventory/security-groups.ts'
import type { Ledger } from '../account/removal/ledger.ts'
import { LucreeError } from '../errors.ts'
import { terminate } from './terminate.ts'
import { stage, type Tools } from './tools.ts'

/** All at once: each takes minutes. */
export async function terminateAll(planned: Inventory, ledger: Ledger, tools: Tools): Promise<void> {
  const environments = planned.items.filter(isKind('environment'))
  if (environments.length === 0) return
  const title = `Terminate ${environments.map(({ name }) => name).join(', ')}`
  await stage(
    tools,
    title,
    () => Promise.all(environments.map((environment) => terminateOne(environment, ledger, tools))),
    () => ledger.count(environments, 'terminated'),
  )
  tools.signal.throwIfAborted()
}

type HeldEnvironment = Extract<Held, { kind: 'environment' }>

/** Never throws: what became of it is in the ledger. */
async function terminateOne(held: HeldEnvironment, ledger: Ledger, tools: Tools): Promise<void> {
  const { description } = held
  const mends = await warnOfReferences(description, tools)
  try {
    await terminate(description, tools, () =>
      ledger.heldBack(held, 'its termination has begun, and Beanstalk goes on with it'),
    )
    ledger.removed(held)
  } catch (error) {
    if (tools.signal.aborted) return
    if (!(error instanceof LucreeError)) throw error
    ledger.refused(held, error, mends)
  }
}

/**
 * A rule of somebody else's security group that names one of the environment's makes its termination hang (facts sheet §6.1, row 30). That group is
 * never touched; the commands that mend it are said before, and given back.
 */
async function warnOfReferences(environment: { id: string; name: string }, tools: Tools): Promise<string[]> {
  try {
    const groups = await groupsOf(tools, environment)
    return groups.flatMap((group) =>
      group.referencedBy.map((holder) => {
        const mend = revokeCommand(holder.id, group.name)
        tools.progress.emit({
          kind: 'warning',
          message: `The security group ${holder.id} (${holder.name}) has a rule that names ${group.name} of ${environment.name}, so that AWS can't delete that: ${mend}`,
        })
        return mend
      }),
    )
  } catch (error) {
    // Only a warning would be lost: without the right to look it is terminated all the same.
    if (error instanceof LucreeError && !tools.signal.aborted) return []
    throw error
  }
}
