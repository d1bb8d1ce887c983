import { randomUUID } from 'node:crypto'
import { readdir, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { removeApplication } from '../actions/delete-application.ts'
import { liveEnvironments } from '../actions/find.ts'
import type { Context } from '../context.ts'
import { environmentScope } from '../events.ts'
import { instanceDirectories } from '../instance/directories.ts'
import { discardContainer, isHere } from '../instance/discard.ts'
import { reviveContainer } from '../instance/revive.ts'
import type { Environment, Instance } from '../state/model.ts'
import type { Operations } from './operations.ts'
import { completeSwaps } from './swap.ts'
import { beginOperation } from './transitions.ts'

/** Terminated environments are forgotten after this time. */
const rememberedMs = 42 * 24 * 60 * 60 * 1000

/**
 * Takes up everything after the server was stopped or killed: fronts on their old ports, containers that still run, those that don't anew, and
 * operations that were under way from their beginning.
 */
export async function resumeAll(
  context: Context,
  operations: Operations,
  signal: AbortSignal,
): Promise<void> {
  await forgetOld(context)
  await removeEmptied(context)
  await completeSwaps(context)
  const live = liveEnvironments(context.store)
  const containers = live.flatMap(({ instances }) => instances.flatMap(({ container }) => container ?? []))
  const images = live.flatMap(({ instances }) => instances.flatMap(({ launch }) => launch?.image ?? []))
  await context.runtime.sweep(containers, images)
  await sweepInstances(context)
  await Promise.all(live.map((environment) => resumeOne(context, environment, signal)))
  for (const { id } of live) operations.start(id)
}

async function resumeOne(context: Context, environment: Environment, signal: AbortSignal): Promise<void> {
  const { id } = environment
  await reopen(context, environment)
  await dropHalfLaunched(context, environment)
  const instances = context.store.environment(id)!.instances
  await Promise.all(instances.map((instance) => startWhenGone(context, environment, instance, signal)))
  await rebuildMissing(context, environment)
  context.fronts.route(context.store.environment(id)!)
  context.monitor.watch(id)
}

async function reopen({ fronts, store, events }: Context, environment: Environment): Promise<void> {
  const port = await fronts.open(environment.id, environment.port)
  if (port === environment.port) return
  await store.changeEnvironment(environment.id, (draft) => {
    draft.port = port
  })
  await events.record(
    environmentScope(environment),
    'WARN',
    `Another program has taken 127.0.0.1:${environment.port}. The environment is now reached at 127.0.0.1:${port}.`,
  )
}

/** Instances of an update that was interrupted before they were needed go; the update launches its own again. All that stay are in service. */
async function dropHalfLaunched(context: Context, environment: Environment): Promise<void> {
  const { store, instancesDir } = context
  const stays = ({ launchedBy }: Instance) =>
    launchedBy === undefined || launchedBy !== environment.operation?.requestId
  const kept = environment.instances.filter(stays)
  const dropped = kept.length > 0 ? environment.instances.filter((instance) => !stays(instance)) : []
  await store.changeEnvironment(environment.id, (draft) => {
    draft.instances = draft.instances.filter(({ id }) => !dropped.some((instance) => instance.id === id))
    for (const instance of draft.instances) instance.inService = true
  })
  for (const { id, container } of dropped) {
    if (container) await discardContainer(context, container, 0)
    await rm(instanceDirectories(instancesDir, id).root, { recursive: true, force: true })
  }
}

async function startWhenGone(
  context: Context,
  environment: Environment,
  instance: Instance,
  signal: AbortSignal,
): Promise<void> {
  const { container, launch } = instance
  if (container === undefined || launch === undefined || !(await isHere(context, launch))) return
  if ((await context.runtime.inspect(container)).running) return
  await reviveContainer(context, environment, instance, signal)
}

/** What another runtime built, or what is gone (an engine's images go when the server ends), is built again by a restart: nothing else of an environment that is Ready changes. */
async function rebuildMissing(context: Context, { id }: Environment): Promise<void> {
  const environment = context.store.environment(id)!
  const launched = environment.instances.flatMap(({ launch }) => launch ?? [])
  const here = await Promise.all(launched.map((launch) => isHere(context, launch)))
  if (here.every(Boolean) || environment.status !== 'Ready') return
  const startedAt = context.clock.now().toISOString()
  await context.store.changeEnvironment(id, (draft) =>
    beginOperation(draft, { kind: 'restart', requestId: randomUUID(), startedAt }),
  )
}

/** Directories of instances that the state doesn't know: not yet, or no longer, when the server was killed. */
async function sweepInstances({ store, instancesDir }: Context): Promise<void> {
  const known = new Set(liveEnvironments(store).flatMap(({ instances }) => instances.map(({ id }) => id)))
  const unknown = (await readdir(instancesDir)).filter((id) => !known.has(id))
  for (const id of unknown) await rm(join(instancesDir, id), { recursive: true, force: true })
}

async function forgetOld({ store, clock }: Context): Promise<void> {
  const oldest = clock.now().getTime() - rememberedMs
  for (const { id, terminatedAt } of store.environments()) {
    if (terminatedAt !== undefined && Date.parse(terminatedAt) < oldest) await store.removeEnvironment(id)
  }
}

/** An application that was only waiting for its last environment's end, which came just before the server's. */
async function removeEmptied(context: Context): Promise<void> {
  const used = new Set(liveEnvironments(context.store).map(({ application }) => application))
  for (const { name, deleting } of context.store.applications()) {
    if (deleting && !used.has(name)) await removeApplication(context, name)
  }
}
