import type { Ground } from '../beanstalk/options.ts'
import { lookUntil, type Waiting } from '../beanstalk/poll.ts'
import type { Beanstalk, VersionLifecycle } from '../beanstalk/ports.ts'
import { CloudError, TimedOut } from '../errors.ts'
import { refuseFailed } from './checks/check.ts'
import type { AccountContext } from './context.ts'
import { versionLifecycle } from './lifecycle-rule.ts'
import { type AccountSeen, groundOf } from './look.ts'
import { makeRoles } from './make-roles.ts'
import { lookAtNetwork } from './network.ts'
import { ownTags } from './ownership.ts'

export interface ReadyRequest {
  /** What was seen of the account; undefined when the environment is there, which needs nothing more. */
  seen: AccountSeen | undefined
  applicationExists: boolean
  /** Beanstalk's bucket, which is there. */
  bucket: string
}

/** An account in which a version can be registered and an environment be made. */
export interface AccountReady {
  /** Bucket of Beanstalk's storage location. */
  bucket: string
  /** What a new environment is made on; undefined when none is to be made. */
  ground: Ground | undefined
  /** The instance profile was made just now, so Beanstalk may not see it yet. */
  freshProfile: boolean
}

/** Makes what the account lacks: network, roles, application. Every call may be repeated; what is there costs none. */
export async function readyAccount(
  { seen, applicationExists, bucket }: ReadyRequest,
  context: AccountContext,
  waiting: Waiting,
): Promise<AccountReady> {
  const { application } = context.target
  const { beanstalk, roles } = context.cloud
  const network = seen && (await readyNetwork(seen, context, waiting))
  const made = seen && (await makeRoles(roles, seen.roles, { application, waiting }))
  const lifecycle = made?.serviceRoleArn ? versionLifecycle(made.serviceRoleArn) : undefined
  if (!applicationExists) await createApplication(beanstalk, { application, lifecycle }, waiting)
  return {
    bucket,
    ground: seen && network && groundOf({ ...seen, network }),
    freshProfile: seen !== undefined && !seen.roles.instance.profile?.roles.length,
  }
}

/** The network as it is; the default VPC is made when it is missing and `--create-default-vpc` asked for it. */
async function readyNetwork(
  seen: AccountSeen,
  context: AccountContext,
  { signal }: Waiting,
): Promise<AccountSeen['network']> {
  if (seen.network.place || context.target.network || !context.makesDefaultVpc) return seen.network
  try {
    await context.cloud.network.createDefaultVpc(signal)
  } catch (error) {
    // Somebody else has made it in the meantime, which is as good.
    if (!(error instanceof CloudError) || error.awsCode !== 'DefaultVpcAlreadyExists') throw error
  }
  const now = await lookAtNetwork(context, signal)
  refuseFailed(now.results)
  return now
}

/** Somebody else may have made it in the meantime, which is as good. A service role that was made just now may not be known to Beanstalk yet. */
async function createApplication(
  beanstalk: Beanstalk,
  { application, lifecycle }: { application: string; lifecycle: VersionLifecycle | undefined },
  waiting: Waiting,
): Promise<void> {
  const { signal } = waiting
  const wanted = { name: application, tags: ownTags(application), ...(lifecycle ? { lifecycle } : {}) }
  const made = await lookUntil(waiting, async () => {
    try {
      await beanstalk.createApplication(wanted, signal)
      return true
    } catch (error) {
      if (!(error instanceof CloudError)) throw error
      if (lifecycle && /\brole\b/i.test(error.why ?? '')) return undefined
      if (await beanstalk.describeApplication(application, signal)) return true
      throw error
    }
  })
  if (made) return
  throw new TimedOut(`The application ${application} could not be made yet`, {
    code: 'LUC-ACCOUNT-IAM-LATE',
    why: 'Beanstalk does not see the service role that was made a minute ago',
    hints: ['lucree deploy   # carries on'],
  })
}
