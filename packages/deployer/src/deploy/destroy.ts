import { type Inventory, type Item, itemsOf, takeInventory } from '../account/inventory.ts'
import { EnvironmentStatus } from '../beanstalk/environment-status.ts'
import { untilReady } from '../beanstalk/environment.ts'
import type { EnvironmentDescription } from '../beanstalk/ports.ts'
import { CloudError, TimedOut } from '../errors.ts'
import { follow } from './follow.ts'
import { stage, type Tools, waiting } from './tools.ts'

export interface DestroyResult {
  application: string
  removed: Item[]
  /** What the second inventory still found. */
  left: Item[]
  durationMs: number
}

/** Removes what the inventory lists, in the order that AWS demands, and looks again. May be interrupted and run again at any point. */
export async function destroy(inventory: Inventory, tools: Tools): Promise<DestroyResult> {
  const { cloud, signal, clock } = tools
  const began = clock.now()
  const { name } = inventory.application
  const { environments, versions, objects } = inventory
  if (environments.length > 0) {
    const title = `Terminate ${environments.map((environment) => environment.name).join(', ')}`
    const terminateAll = () => Promise.all(environments.map((environment) => terminate(environment, tools)))
    await stage(tools, title, terminateAll, () => 'Terminated')
  }
  if (versions.length > 0) {
    const remove = () =>
      inOrder(versions, ({ label }) => cloud.beanstalk.deleteVersion(name, label, false, signal))
    await stage(tools, 'Remove versions', remove, () => `${versions.length} removed`)
  }
  if (objects.length > 0) {
    const remove = () => removeObjects(objects, tools)
    await stage(tools, 'Remove objects', remove, () => `${objects.length} removed`)
  }
  if (inventory.application.exists) {
    await stage(
      tools,
      'Remove application',
      () => cloud.beanstalk.deleteApplication(name, signal),
      () => name,
    )
  }
  const left = await stage(
    tools,
    'Look again',
    async () => leftOf(inventory, await takeInventory(cloud, inventory, signal, inventory)),
    (items) => `${items.length} left`,
  )
  const stays = new Set(left.map(identity))
  const removed = itemsOf(inventory).filter((item) => !stays.has(identity(item)))
  return { application: name, removed, left, durationMs: clock.now() - began }
}

async function terminate(environment: EnvironmentDescription, tools: Tools): Promise<void> {
  const { name, application } = environment
  const startedAt = new Date(tools.clock.now())
  const requestId = await askToTerminate(environment, tools)
  const change = { application, environment: name, requestId, startedAt, before: environment }
  const { settled, environment: last } = await follow(change, tools)
  if (settled) return
  throw new TimedOut(`${name} is still ${last?.status ?? 'there'} at the time limit`, {
    code: 'LUC-DESTROY-TIMEOUT',
    why: 'Beanstalk goes on with terminating it; nothing else was removed',
    hints: ['lucree destroy --timeout 40m   # carries on'],
  })
}

/** Answers the request's id; empty when the environment is going or gone already. */
async function askToTerminate({ name, application }: EnvironmentDescription, tools: Tools): Promise<string> {
  const { beanstalk } = tools.cloud
  const of = { application, environment: name }
  const [now] = await beanstalk.describeEnvironments(of, tools.signal)
  if (!now || EnvironmentStatus.of(now).isGoing) return ''
  const ask = async () => (await beanstalk.terminateEnvironment(name, tools.signal)).requestId
  try {
    return await ask()
  } catch (error) {
    // Refused while something else is under way (facts sheet §3.2): that is waited for, then it is asked again.
    if (!(error instanceof CloudError)) throw error
    const [seen] = await beanstalk.describeEnvironments(of, tools.signal)
    if (!seen) return ''
    if (EnvironmentStatus.of(seen).isReady) throw error
    await untilReady(beanstalk, of, waiting(tools))
    return ask()
  }
}

async function removeObjects(objects: Inventory['objects'], { cloud, signal }: Tools): Promise<void> {
  for (const bucket of new Set(objects.map((object) => object.bucket))) {
    const keys = objects.flatMap((object) => (object.bucket === bucket ? [object.key] : []))
    await cloud.bundles.remove(bucket, keys, signal)
  }
}

/** One after the other: the service throttles, and an account has at most 1,000 versions. */
async function inOrder<T>(items: T[], run: (item: T) => Promise<void>): Promise<void> {
  for (const item of items) await run(item)
}

/** What of the first inventory is still there; a whole application's removal also counts what has come since. */
function leftOf(before: Inventory, now: Inventory): Item[] {
  const all = itemsOf(now)
  if (before.application.exists) return all
  const asked = new Set(itemsOf(before).map(identity))
  return all.filter((item) => asked.has(identity(item)))
}

function identity({ kind, name }: Item): string {
  return `${kind} ${name}`
}
