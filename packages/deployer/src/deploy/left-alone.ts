import { EnvironmentStatus } from '../beanstalk/environment-status.ts'
import { look } from '../beanstalk/health.ts'
import { withinTime } from '../beanstalk/time-limit.ts'
import type { DeployTarget } from '../config/target.ts'
import { Interrupted, LucreeError } from '../errors.ts'
import { FAREWELL_MS, readyWith } from './abandon.ts'
import { servingNow } from './conclude.ts'
import type { Tools } from './tools.ts'

/**
 * After Ctrl-C before Beanstalk was asked for anything: says that, what the environment is, and what serves. Never throws but for a bug.
 */
export async function leftAlone(
  interrupted: Interrupted,
  { target, hints }: { target: DeployTarget; hints: string[] },
  tools: Tools,
): Promise<Interrupted> {
  const { environment } = target
  const { why, serving } = await untouched(target, tools)
  return new Interrupted(`${interrupted.message} before ${environment} was changed`, {
    why,
    ...(serving === undefined ? {} : { serving }),
    hints,
    document: { application: target.application, environment, ...interrupted.document },
    cause: interrupted,
  })
}

async function untouched(target: DeployTarget, tools: Tools): Promise<{ why: string; serving?: string }> {
  const { beanstalk } = tools.cloud
  try {
    return await withinTime(tools.clock, FAREWELL_MS, async (signal) => {
      const [now] = await beanstalk.describeEnvironments(target, signal)
      if (!now) return { why: 'there is no such environment, so nothing runs and nothing of it is billed' }
      const expected = { ...target, versionLabel: now.versionLabel ?? '' }
      const serving = servingNow(await look(beanstalk, expected, tools.clock, signal), target)
      const isReady = EnvironmentStatus.of(now).isReady
      return {
        why: isReady ? readyWith(now) : `a change of it goes on, it is ${now.status}`,
        serving,
      }
    })
  } catch (error) {
    if (!(error instanceof LucreeError)) throw error
    return { why: `what it is now could not be looked at (${error.why ?? error.message})` }
  }
}
