import type {
  CheckDNSAvailabilityCommandInput,
  CheckDNSAvailabilityCommandOutput,
} from '@aws-sdk/client-elastic-beanstalk'
import type { Action } from '../../service.ts'
import type { Context } from '../context.ts'
import { checkParameters } from '../validation/parameters.ts'
import { liveEnvironments } from './find.ts'
import type { Service } from './service.ts'

export function checkDnsAvailability({
  context,
}: Service): Action<CheckDNSAvailabilityCommandInput, Omit<CheckDNSAvailabilityCommandOutput, '$metadata'>> {
  return async (input) => {
    checkParameters(input, ['CNAMEPrefix'])
    const prefix = input.CNAMEPrefix!.toLowerCase()
    return { Available: isPrefixFree(context, prefix), FullyQualifiedCNAME: qualifiedName(context, prefix) }
  }
}

export function isPrefixFree({ store }: Context, prefix: string): boolean {
  return liveEnvironments(store).every((environment) => environment.cnamePrefix !== prefix.toLowerCase())
}

/** The name that the real service would give; nothing here resolves it. */
export function qualifiedName({ region }: Context, prefix: string): string {
  return `${prefix.toLowerCase()}.${region}.elasticbeanstalk.com`
}
