import type { ApplicationResourceLifecycleConfig } from '@aws-sdk/client-elastic-beanstalk'
import { invalidValue, missingParameter } from '../errors.ts'
import type { Application } from '../state/model.ts'

type Lifecycle = Application['lifecycle']

/** What holds for an application that was given no rules, as the service tells it. */
const untouched = {
  MaxCountRule: { Enabled: false, MaxCount: 200, DeleteSourceFromS3: false },
  MaxAgeRule: { Enabled: false, MaxAgeInDays: 180, DeleteSourceFromS3: false },
}

/** Rules as a request brings them, over those that hold. The role is required with the first rules and may be left out afterwards. */
export function readLifecycle(
  given: ApplicationResourceLifecycleConfig | undefined,
  before: Lifecycle,
): Lifecycle {
  if (given === undefined) return before
  const role = given.ServiceRole ?? before?.ServiceRole
  const rules = given.VersionLifecycleConfig
  if (rules !== undefined && role === undefined)
    throw invalidValue('ServiceRole is required to configure an application version lifecycle.')
  const { MaxCountRule, MaxAgeRule } = rules ?? {}
  const config = {
    ...before?.VersionLifecycleConfig,
    ...(MaxCountRule && { MaxCountRule: { ...MaxCountRule, Enabled: enabled(MaxCountRule) } }),
    ...(MaxAgeRule && { MaxAgeRule: { ...MaxAgeRule, Enabled: enabled(MaxAgeRule) } }),
  }
  refuseNonsense(config)
  return { ...(role === undefined ? {} : { ServiceRole: role }), VersionLifecycleConfig: config }
}

function enabled({ Enabled }: { Enabled?: boolean | undefined }): boolean {
  if (Enabled === undefined) throw missingParameter('Enabled must be specified for a version lifecycle rule.')
  return Enabled
}

function refuseNonsense({
  MaxCountRule,
  MaxAgeRule,
}: {
  MaxCountRule?: { MaxCount?: number | undefined }
  MaxAgeRule?: { MaxAgeInDays?: number | undefined }
}): void {
  if ((MaxCountRule?.MaxCount ?? 1) < 1)
    throw invalidValue('MaxCount of a version lifecycle rule must be at least 1.')
  if ((MaxAgeRule?.MaxAgeInDays ?? 1) < 1)
    throw invalidValue('MaxAgeInDays of a version lifecycle rule must be at least 1.')
}

/** The rules with the service's defaults for what was never set. */
export function describeLifecycle(lifecycle: Lifecycle): ApplicationResourceLifecycleConfig {
  const { MaxCountRule, MaxAgeRule } = lifecycle?.VersionLifecycleConfig ?? {}
  return {
    ServiceRole: lifecycle?.ServiceRole,
    VersionLifecycleConfig: {
      MaxCountRule: { ...untouched.MaxCountRule, ...MaxCountRule },
      MaxAgeRule: { ...untouched.MaxAgeRule, ...MaxAgeRule },
    },
  }
}
