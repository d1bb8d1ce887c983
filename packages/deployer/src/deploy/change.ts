import { ownTags } from '../account/ownership.ts'
import type { AccountReady } from '../account/ready.ts'
import { updateEnvironment } from '../beanstalk/environment.ts'
import type { EnvironmentChange } from '../beanstalk/events.ts'
import { environmentSettings, type Policy } from '../beanstalk/options.ts'
import { type OptionSetting, propertySetting } from '../beanstalk/option-settings.ts'
import type { Sensitive } from '../config/sensitive.ts'
import type { DeployTarget } from '../config/target.ts'
import { createEnvironment } from './create-environment.ts'
import type { DeployPlan } from './plan.ts'
import { stage, type Tools, waiting } from './tools.ts'

export interface ChangeRequest {
  target: DeployTarget
  plan: DeployPlan
  policy: Policy | undefined
  /** What a new environment is made on. */
  account: Pick<AccountReady, 'ground' | 'freshProfile'>
  version: string
  values: Map<string, Sensitive>
}

/** Asks Beanstalk for what the plan says: a new environment, or one update of version and settings together. */
export function requestChange(request: ChangeRequest, tools: Tools): Promise<EnvironmentChange> {
  const { plan, target, policy, account, values } = request
  const properties = [...values].map(([name, value]) => propertySetting(name, value))
  if (plan.action === 'create') {
    const settings = [...environmentSettings(target, policy, account.ground), ...properties]
    return stage(tools, 'Create environment', () => create(request, settings, tools), accepted)
  }
  return stage(
    tools,
    'Update environment',
    () => update(request, [...plan.settings, ...properties], tools),
    accepted,
  )
}

function update(
  { target: { application, environment }, plan, version }: ChangeRequest,
  settings: OptionSetting[],
  tools: Tools,
): Promise<EnvironmentChange> {
  const change = {
    application,
    environment,
    settings,
    remove: plan.remove,
    ...(plan.deploysVersion ? { versionLabel: version } : {}),
  }
  return updateEnvironment(tools.cloud.beanstalk, change, waiting(tools))
}

async function create(
  { target: { application, environment }, version, account }: ChangeRequest,
  settings: OptionSetting[],
  tools: Tools,
): Promise<EnvironmentChange> {
  const platform = await tools.cloud.beanstalk.latestDockerPlatform(tools.signal)
  return createEnvironment(
    {
      ...{ application, environment, settings },
      description: 'Made by lucree',
      platformArn: platform.arn,
      versionLabel: version,
      tags: ownTags(application),
    },
    account,
    tools,
  )
}

function accepted({ environment }: EnvironmentChange): string {
  return `${environment}: accepted`
}
