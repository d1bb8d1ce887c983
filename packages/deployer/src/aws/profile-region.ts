import { loadConfig, NODE_REGION_CONFIG_OPTIONS } from '@smithy/core/config'
import { refuseUnknownProfile } from './profile-problem.ts'

/** The region that the AWS configuration files name for a profile (by default the one of AWS_PROFILE, else `default`), as every AWS SDK finds it. @throws PermissionError when there is no such profile. */
export async function profileRegion(profile: string | undefined): Promise<string | undefined> {
  if (profile !== undefined) await refuseUnknownProfile(profile)
  const find = loadConfig<string | undefined>(
    { ...NODE_REGION_CONFIG_OPTIONS, default: undefined },
    { preferredFile: 'config', ...(profile ? { profile } : {}) },
  )
  return await find()
}
