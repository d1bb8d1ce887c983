import type { Tools } from '../deploy/tools.ts'
import { hasEnded } from './has-ended.ts'
import type { Session } from './session.ts'

/** The embedded Beanstalk answers at once; AWS counts every call of the account against one limit, and nothing there takes less than seconds. */
const LOCAL = { intervalMs: 250, graceMs: 10_000, probeMs: 100, hasEnded }
const AWS = { intervalMs: 5_000, graceMs: 120_000, probeMs: 1_000 }

/** What the stories of `deploy/` work with, from an open session. */
export function toolsOf(session: Session): Tools {
  const { cloud, clock, progress, signal, target, timeoutMs, steadyMs, runtime } = session
  return {
    ...{ cloud, clock, progress, signal, steadyMs, runtime },
    deadline: clock.now() + timeoutMs,
    ...(target.local ? LOCAL : AWS),
  }
}
