import type { Beanstalk } from '../beanstalk/ports.ts'
import { CloudError } from '../errors.ts'

/** An account in which a version can be registered. */
export interface AccountReady {
  /** Bucket of Beanstalk's storage location. */
  bucket: string
}

/** Makes what the account lacks: the application and the storage location. Both calls may be repeated. */
export async function readyAccount(
  beanstalk: Beanstalk,
  { application, exists }: { application: string; exists: boolean },
  signal: AbortSignal,
): Promise<AccountReady> {
  const [bucket] = await Promise.all([
    beanstalk.createStorageLocation(signal),
    exists ? undefined : createApplication(beanstalk, application, signal),
  ])
  return { bucket }
}

/** Somebody else may have made it in the meantime, which is as good. */
async function createApplication(beanstalk: Beanstalk, name: string, signal: AbortSignal): Promise<void> {
  try {
    await beanstalk.createApplication(name, signal)
  } catch (error) {
    if (!(error instanceof CloudError) || !(await beanstalk.describeApplication(name, signal))) throw error
  }
}
