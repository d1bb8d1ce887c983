import { EnvironmentStatus } from '../beanstalk/environment-status.ts'
import type { DeployTarget } from '../config/target.ts'
import { PlatformError } from '../errors.ts'
import { observe, type ObservedEnvironment } from './observe.ts'
import { findEnvironment } from './status.ts'
import type { Tools } from './tools.ts'

/** The environment with its settings, once nothing is under way in it. Throws a UsageError when there is none. */
export async function observeEnvironment(target: DeployTarget, tools: Tools): Promise<ObservedEnvironment> {
  await findEnvironment(target, tools)
  const { environment } = await observe(target, tools)
  if (environment) return environment
  throw new PlatformError(`${target.environment} went away`, {
    code: 'LUC-ENVIRONMENT-GONE',
    why: 'it was terminated meanwhile',
    hints: ['lucree deploy'],
  })
}

/**
 * The same before the lock is taken; undefined where something is under way: that is not waited for by one whom the lock will refuse. Throws a
 * UsageError when there is no environment, for which no bucket should be made.
 */
export async function lookAhead(
  target: DeployTarget,
  tools: Tools,
): Promise<ObservedEnvironment | undefined> {
  const found = await findEnvironment(target, tools)
  return EnvironmentStatus.of(found).isReady ? observeEnvironment(target, tools) : undefined
}
