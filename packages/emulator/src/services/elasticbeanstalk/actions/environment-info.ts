import type {
  RequestEnvironmentInfoCommandInput,
  RetrieveEnvironmentInfoCommandInput,
  RetrieveEnvironmentInfoCommandOutput,
} from '@aws-sdk/client-elastic-beanstalk'
import type { Action } from '../../service.ts'
import { storageBucket } from '../context.ts'
import { invalidValue } from '../errors.ts'
import { checkParameters } from '../validation/parameters.ts'
import { findEnvironment } from './find.ts'
import type { Service } from './service.ts'

/** A delivered log's URL, and the log itself, live fifteen minutes. */
const readableSeconds = 15 * 60

/** Answers at once; the logs are collected and delivered behind it. */
export function requestEnvironmentInfo({
  context,
  logs,
}: Service): Action<RequestEnvironmentInfoCommandInput, object> {
  return async (input, call) => {
    checkParameters(input, ['InfoType'])
    const { id } = findEnvironment(context.store, input)
    if (input.InfoType === 'analyze')
      throw invalidValue('The embedded Beanstalk analyzes no logs: ask for tail or bundle.')
    logs.request(id, input.InfoType!, call.requestId)
    return {}
  }
}

/** The newest log of each instance; Message is a URL that reads it. */
export function retrieveEnvironmentInfo({
  context,
}: Service): Action<
  RetrieveEnvironmentInfoCommandInput,
  Omit<RetrieveEnvironmentInfoCommandOutput, '$metadata'>
> {
  return async (input, call) => {
    checkParameters(input, ['InfoType'])
    const environment = findEnvironment(context.store, input)
    const since = context.clock.now().getTime() - readableSeconds * 1000
    const delivered = environment.logs.filter(
      ({ type, at }) => type === input.InfoType && Date.parse(at) >= since,
    )
    const newest = new Map(delivered.map((log) => [log.instance, log]))
    const bucket = storageBucket(context)
    return {
      EnvironmentInfo: await Promise.all(
        [...newest.values()].map(async ({ type, instance, at, key }) => ({
          InfoType: type,
          Ec2InstanceId: instance,
          SampleTimestamp: new Date(at),
          Message: await context.objects.presignGet(bucket, key, {
            ttlSeconds: readableSeconds,
            from: call.at,
            endpoint: call.endpoint,
          }),
        })),
      ),
    }
  }
}
