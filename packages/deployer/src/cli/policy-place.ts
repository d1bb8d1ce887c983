import { NOWHERE, type Whereabouts } from '../account/policy/place.ts'
import { LucreeError } from '../errors.ts'
import type { Session } from './session.ts'

/**
 * What a policy is filled in with. A star stands for what isn't known: the policy is for those who have no credentials and no region yet, too.
 */
export async function policyPlace(open: () => Promise<Session>): Promise<Whereabouts> {
  const session = await orUndefined(open)
  if (!session) return NOWHERE
  const { region, application } = session.target
  const caller = await orUndefined(() => session.cloud.identity.describeCaller(session.signal))
  return { region, application, accountId: caller?.accountId ?? '*' }
}

/** A broken project file is still an error; only a missing region and missing credentials leave something open. */
async function orUndefined<T>(ask: () => Promise<T>): Promise<T | undefined> {
  try {
    return await ask()
  } catch (error) {
    const open =
      error instanceof LucreeError &&
      (error.code === 'LUC-USAGE-NO-REGION' || error.exitCode === 3 || error.exitCode === 5)
    if (!open) throw error
    return undefined
  }
}
