import type { DescribeAccountAttributesCommandOutput } from '@aws-sdk/client-elastic-beanstalk'
import type { Action } from '../../service.ts'

/** What an account may have in a region. */
export const quotas = {
  applications: 75,
  versions: 1000,
  environments: 200,
  templates: 2000,
  platforms: 50,
} as const

export function describeAccountAttributes(): Action<
  object,
  Omit<DescribeAccountAttributesCommandOutput, '$metadata'>
> {
  return async () => ({
    ResourceQuotas: {
      ApplicationQuota: { Maximum: quotas.applications },
      ApplicationVersionQuota: { Maximum: quotas.versions },
      EnvironmentQuota: { Maximum: quotas.environments },
      ConfigurationTemplateQuota: { Maximum: quotas.templates },
      CustomPlatformQuota: { Maximum: quotas.platforms },
    },
  })
}
