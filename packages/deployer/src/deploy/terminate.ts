import { EnvironmentStatus } from '../beanstalk/environment-status.ts'
import { untilReady } from '../beanstalk/environment.ts'
import type { EnvironmentDescription } from '../beanstalk/ports.ts'
import { CloudError, PlatformError, TimedOut } from '../errors.ts'
import { type Change, follow } from './follow.ts'
import { type Tools, waiting } from './tools.ts'

/**
 * Terminates an environment and follows it until it is gone, with our own patience: the SDK's waiters give up after 6.7 minutes (facts sheet §6.1,
 * row 26). `onAsked` is called once it is on its way. Throws {@link TimedOut} at the time limit, and {@link PlatformError} when Beanstalk couldn't do it.
 */
export async function terminate(
  environment: EnvironmentDescription,
  tools: Tools,
  onAsked: () => void,
): Promise<void> {
  const { name, application } = environment
  const startedAt = new Date(tools.clock.now())
  const requestId = await askToTerminate(environment, tools)
  onAsked()
  const change = { application, environment: name, requestId, startedAt, before: environment }
  const followed = await follow(change, tools)
  const { settled, environment: last } = followed
  if (!settled) throw stillGoing(name, last?.status ?? 'there')
  if (last && !EnvironmentStatus.of(last).isGone) throw notTerminated(name, followed)
}

/** Answers the request's id; empty when the environment is going or gone already. */
async function askToTerminate(environment: EnvironmentDescription, tools: Tools): Promise<string> {
  const { name, application } = environment
  const { beanstalk } = tools.cloud
  const of = { application, environment: name }
  const ask = async () => (await beanstalk.terminateEnvironment(name, tools.signal)).requestId
  const [now] = await beanstalk.describeEnvironments(of, tools.signal)
  if (!now || EnvironmentStatus.of(now).isGoing) return ''
  try {
    return await ask()
  } catch (error) {
    // Refused while something else is under way (facts sheet §3.2): that is ended or waited for, then it is asked again.
    if (!(error instanceof CloudError)) throw error
    const [seen] = await beanstalk.describeEnvironments(of, tools.signal)
    if (!seen || EnvironmentStatus.of(seen).isGoing) return ''
    if (EnvironmentStatus.of(seen).isReady) throw error
    await endOperation(seen, tools)
    return ask()
  }
}

/** Aborts the update that is under way if it can be, and waits until the environment takes calls again. */
async function endOperation(environment: EnvironmentDescription, tools: Tools): Promise<void> {
  const { name, application, status } = environment
  const { beanstalk } = tools.cloud
  const of = { application, environment: name }
  const began = tools.clock.now()
  const say = (message: string) => tools.progress.emit({ kind: 'note', message })
  if (environment.abortable) {
    say(`${name} is ${status}: the update is aborted first`)
    // It may have ended in the meantime, which is as good.
    await beanstalk.abortUpdate(name, tools.signal).catch((error: unknown) => {
      if (!(error instanceof CloudError)) throw error
    })
  } else say(`${name} is ${status}: waiting until that is over, then it is terminated`)
  await untilReady(beanstalk, of, waiting(tools), (seen) =>
    tools.progress.emit({
      kind: 'waiting',
      reason: `${name} is ${seen.status}`,
      sinceMs: tools.clock.now() - began,
      deadlineMs: tools.deadline - began,
    }),
  )
}

function stillGoing(name: string, status: string): TimedOut {
  return new TimedOut(`${name} is still ${status} at the time limit`, {
    code: 'LUC-DESTROY-TIMEOUT',
    why: 'Beanstalk goes on with it',
  })
}

/** It is Ready again: the reason is among the last events (facts sheet §6.1, row 29). */
function notTerminated(name: string, { events }: Change): PlatformError {
  const grave = events.filter(({ severity }) => severity === 'ERROR' || severity === 'FATAL')
  return new PlatformError(`${name} was not terminated`, {
    code: 'LUC-DESTROY-NOT-TERMINATED',
    why: grave.map(({ message }) => message).join(' ') || 'Beanstalk gives no reason',
    evidence: grave.map(({ message }) => message),
    hints: [`lucree events --environment ${name}`],
  })
}
