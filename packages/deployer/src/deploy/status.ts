import { look, urlOf } from '../beanstalk/health.ts'
import type { EnvironmentDescription } from '../beanstalk/ports.ts'
import { notListed } from '../config/resolve-target.ts'
import type { DeployTarget } from '../config/target.ts'
import { UsageError } from '../errors.ts'
import type { Tools } from './tools.ts'

/** What is, at this moment; nothing is waited for. */
export interface StatusResult {
  application: string
  environment: string
  environmentId: string
  url: string | null
  /** Beanstalk's status: Ready, Updating, … */
  status: string
  /** Green, Yellow, Red or Grey. */
  health: string
  version: string | null
  /** Ready, the version on every instance, and the application answers. */
  proven: boolean
  /** What is missing while it isn't proven. */
  missing: string | null
  instances: {
    id: string
    health: string
    version: string | null
    deployment: string | null
    causes: string[]
  }[]
}

/** Looks at the target's environment once. Throws a {@link UsageError} when there is none. */
export async function lookAtStatus(
  target: DeployTarget,
  { cloud, clock, signal }: Tools,
): Promise<StatusResult> {
  const found = await findEnvironment(target, { cloud, signal })
  const proof = await look(
    cloud.beanstalk,
    { ...target, versionLabel: found.versionLabel ?? '' },
    clock,
    signal,
  )
  const environment = proof.environment ?? found
  return {
    application: environment.application,
    environment: environment.name,
    environmentId: environment.id,
    url: environment.cname ? urlOf(environment.cname) : null,
    status: environment.status,
    health: environment.health,
    version: environment.versionLabel ?? null,
    proven: proof.proven,
    missing: proof.proven ? null : proof.missing,
    instances: proof.instances.map(({ id, healthStatus, version, deploymentStatus, causes }) => ({
      id,
      health: healthStatus,
      version: version ?? null,
      deployment: deploymentStatus ?? null,
      causes,
    })),
  }
}

/** The target's environment, in whatever state. Throws a {@link UsageError} when there is none. */
export async function findEnvironment(
  { application, environment, local, region, listed }: DeployTarget,
  { cloud, signal }: Pick<Tools, 'cloud' | 'signal'>,
): Promise<EnvironmentDescription> {
  const [found] = await cloud.beanstalk.describeEnvironments({ application, environment }, signal)
  if (found) return found
  if (listed) throw notListed(environment, application, listed)
  throw new UsageError(`There is no environment ${environment}`, {
    code: 'LUC-ENVIRONMENT-UNKNOWN',
    why: `the application ${application} has none of this name in ${local ? 'the embedded Beanstalk' : region}`,
    hints: ['lucree deploy'],
  })
}
