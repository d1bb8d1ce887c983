import { ensureStorage } from '../actions/storage-location.ts'
import type { Context } from '../context.ts'
import { environmentScope } from '../events.ts'
import type { Environment } from '../state/model.ts'
import { bundleLogs } from './bundle.ts'
import { tailLogs } from './tail.ts'

export type LogType = 'tail' | 'bundle'

/** Requests for logs that are being answered. */
export interface LogRequests {
  request(environmentId: string, type: LogType, requestId: string): void
  /** Resolves when all that were asked for are delivered. */
  close(): Promise<void>
}

/** Deliveries that are remembered, so that a retrieve finds the newest of each instance. */
const remembered = 50

export function createLogRequests(context: Context): LogRequests {
  const running = new Set<Promise<void>>()
  return {
    request(environmentId, type, requestId) {
      const done = answer(context, environmentId, type, requestId).finally(() => running.delete(done))
      running.add(done)
    },
    close: async () => {
      await Promise.all(running)
    },
  }
}

/** Never rejects: a failure is an event. */
async function answer(
  context: Context,
  environmentId: string,
  type: LogType,
  requestId: string,
): Promise<void> {
  const environment = context.store.environment(environmentId)
  if (environment === undefined) return
  const scope = environmentScope(environment, requestId)
  try {
    await context.events.record(scope, 'INFO', 'requestEnvironmentInfo is starting.')
    for (const { id } of environment.instances) {
      const count = await deliver(context, environment, id, type)
      const did = type === 'tail' ? 'tailing' : 'bundling'
      await context.events.record(
        scope,
        'INFO',
        `[Instance: ${id}] Successfully finished ${did} ${count} log(s)`,
      )
    }
    await context.events.record(scope, 'INFO', 'Pulled logs for environment instances.')
  } catch (error) {
    context.log(`Pulling logs of ${environment.name} failed: ${(error as Error).stack}`)
    await tellFailure(context, scope)
  }
}

async function tellFailure(context: Context, scope: ReturnType<typeof environmentScope>): Promise<void> {
  try {
    await context.events.record(scope, 'ERROR', 'Failed to pull logs for environment instances.')
  } catch (error) {
    context.log(`The event could not be kept: ${(error as Error).message}`)
  }
}

/** Puts the logs where the service puts them and remembers it. Answers how many logs there were. */
async function deliver(
  context: Context,
  environment: Environment,
  instance: string,
  type: LogType,
): Promise<number> {
  const bucket = await ensureStorage(context)
  const at = context.clock.now()
  const folder = `resources/environments/logs/${type}/${environment.id}/${instance}`
  const { key, count, body, contentType } =
    type === 'tail'
      ? await tailDelivery(context, instance, folder, at)
      : await bundleDelivery(context, instance, folder, at)
  await context.objects.put(bucket, key, body, { contentType })
  await context.store.changeEnvironment(environment.id, (draft) => {
    draft.logs = [...draft.logs, { type, instance, key, at: at.toISOString() }].slice(-remembered)
  })
  return count
}

async function tailDelivery({ instancesDir }: Context, instance: string, folder: string, at: Date) {
  const { text, count } = await tailLogs(instancesDir, instance)
  return {
    key: `${folder}/TailLogs-${at.getTime()}.txt`,
    count,
    body: Buffer.from(text),
    contentType: 'text/plain',
  }
}

async function bundleDelivery({ instancesDir }: Context, instance: string, folder: string, at: Date) {
  const { zip, count } = await bundleLogs(instancesDir, instance)
  return { key: `${folder}/BundleLogs-${at.getTime()}.zip`, count, body: zip, contentType: 'application/zip' }
}
