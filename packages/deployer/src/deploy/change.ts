import { createEnvironment, updateEnvironment } from '../beanstalk/environment.ts'
import type { EnvironmentChange } from '../beanstalk/events.ts'
import { propertySetting } from '../beanstalk/options.ts'
import type { Sensitive } from '../config/sensitive.ts'
import type { DeployTarget } from '../config/target.ts'
import type { DeployPlan } from './plan.ts'
import { stage, type Tools, waiting } from './tools.ts'

/** Asks Beanstalk for what the plan says: a new environment, or one update of version and settings together. */
export function requestChange(
  {
    target,
    plan,
    version,
    values,
  }: {
    target: DeployTarget
    plan: DeployPlan
    version: string
    values: Map<string, Sensitive>
  },
  tools: Tools,
): Promise<EnvironmentChange> {
  const { application, environment } = target
  const settings = [...plan.settings, ...[...values].map(([name, value]) => propertySetting(name, value))]
  return plan.action === 'create'
    ? stage(tools, 'Create environment', () => create(target, { version, settings }, tools), accepted)
    : stage(
        tools,
        'Update environment',
        () =>
          updateEnvironment(
            tools.cloud.beanstalk,
            { application, environment, settings, ...(plan.deploysVersion ? { versionLabel: version } : {}) },
            waiting(tools),
          ),
        accepted,
      )
}

async function create(
  { application, environment }: DeployTarget,
  { version, settings }: { version: string; settings: DeployPlan['settings'] },
  { cloud, clock, signal }: Tools,
): Promise<EnvironmentChange> {
  const platform = await cloud.beanstalk.latestDockerPlatform(signal)
  return createEnvironment(
    cloud.beanstalk,
    {
      application,
      environment,
      description: 'Made by lucree',
      platformArn: platform.arn,
      versionLabel: version,
      settings,
      tags: { 'lucree:managed': 'true', 'lucree:application': application },
    },
    clock,
    signal,
  )
}

function accepted({ environment }: EnvironmentChange): string {
  return `${environment}: accepted`
}
