import type { DeployTarget } from '../config/target.ts'
import { findEnvironment } from './status.ts'
import type { Tools } from './tools.ts'

/** Enhanced health as Beanstalk tells it. */
export interface HealthResult {
  application: string
  environment: string
  /** Ok, Info, Warning, Degraded, Severe, Pending, Unknown, NoData or Suspended. */
  health: string
  color: string
  causes: string[]
  instances: { id: string; health: string; color: string; causes: string[] }[]
}

export async function lookAtHealth(target: DeployTarget, { cloud, signal }: Tools): Promise<HealthResult> {
  const { application, name } = await findEnvironment(target, { cloud, signal })
  const [health, instances] = await Promise.all([
    cloud.beanstalk.describeHealth(name, signal),
    cloud.beanstalk.describeInstances(name, signal),
  ])
  return {
    application,
    environment: name,
    health: health.status,
    color: health.color,
    causes: health.causes,
    instances: instances.map(({ id, healthStatus, color, causes }) => ({
      id,
      health: healthStatus,
      color,
      causes,
    })),
  }
}
