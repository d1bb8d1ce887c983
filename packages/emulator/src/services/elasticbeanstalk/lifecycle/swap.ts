import { qualifiedName } from '../actions/dns.ts'
import type { Context } from '../context.ts'
import { environmentScope } from '../events.ts'
import type { Operation } from '../state/model.ts'
import type { Ending } from './create.ts'
import type { Story } from './story.ts'

/** Exchanges the addresses of two environments while both serve. The one that only waits is done when the other one is. */
export async function swapAddresses(story: Story): Promise<Ending> {
  const { context, operation } = story
  const { addresses } = operation
  if (addresses === undefined) return waitForOther(story)
  const [own, other] = addresses.map(({ environmentId }) => context.store.environment(environmentId)!)
  await story.say('INFO', 'swapEnvironmentCNAMEs is starting.')
  await story.say('INFO', `Swapping CNAMEs for environments '${own!.name}' and '${other!.name}'.`)
  await context.tempo.take(5, story.signal)
  if (own!.port !== addresses[0].port) await exchange(context, addresses)
  await context.monitor.settle(story.environmentId, story.signal)
  const told = addresses.map(
    ({ cnamePrefix }, index) =>
      `'${[own, other][index]!.name}' now has CNAME '${qualifiedName(context, cnamePrefix)}'`,
  )
  await story.say('INFO', `${told.join(' and ')}.`)
  const completed = `Completed swapping CNAMEs for environments '${own!.name}' and '${other!.name}'.`
  await context.events.record(environmentScope(other!, operation.requestId), 'INFO', completed)
  await story.say('INFO', completed)
  await story.say('INFO', 'swapEnvironmentCNAMEs completed successfully.')
  return 'done'
}

/** Milliseconds. */
const lookMs = 20

/** The other environment carries the swap out; this one must not be changed meanwhile. */
async function waitForOther({ context, environmentId, operation, signal }: Story): Promise<Ending> {
  const goesOn = () =>
    context.store
      .environments()
      .some((one) => one.operation?.addresses && one.operation.requestId === operation.requestId)
  while (goesOn()) await context.clock.sleep(lookMs, signal)
  await context.monitor.settle(environmentId, signal)
  return 'done'
}

type Addresses = NonNullable<Operation['addresses']>

/** On disk first, then to the fronts, which take no time. */
async function exchange(context: Context, addresses: Addresses): Promise<void> {
  await writeAddresses(context, addresses)
  const [one, other] = addresses
  context.fronts.swap(one.environmentId, other.environmentId)
  for (const { environmentId } of addresses) context.fronts.route(context.store.environment(environmentId)!)
}

async function writeAddresses({ store }: Context, addresses: Addresses): Promise<void> {
  for (const { environmentId, port, cnamePrefix } of addresses) {
    await store.changeEnvironment(environmentId, (draft) => Object.assign(draft, { port, cnamePrefix }))
  }
}

/** A swap that the end of the server cut in two is completed before any front is opened. */
export async function completeSwaps(context: Context): Promise<void> {
  for (const { operation } of context.store.environments()) {
    if (operation?.addresses !== undefined) await writeAddresses(context, operation.addresses)
  }
}
