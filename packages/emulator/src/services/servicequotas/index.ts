import * as sdk from '@aws-sdk/client-service-quotas'
import { operationSchemas } from '../../protocol/schema.ts'
import type { JsonService } from '../../protocol/json/service.ts'
import { ServiceError, type Action } from '../service.ts'
import { quotasOf, type Quota } from './quotas.ts'

interface Place {
  region: string
  accountId: string
  /** An account whose quotas are reached has fewer processors. */
  full: boolean
}

/** Service Quotas: what this account may have, as numbers. */
export function createServiceQuotas(place: Place): JsonService {
  const quotas = quotasOf(place)
  return {
    signingName: 'servicequotas',
    target: 'ServiceQuotasV20190624',
    schemas: operationSchemas(sdk),
    actions: {
      GetServiceQuota: getServiceQuota(quotas, place),
      GetAWSDefaultServiceQuota: getServiceQuota(quotasOf({ full: false }), place),
      ListServiceQuotas: listServiceQuotas(quotas, place),
    },
  }
}

const nothing = () =>
  new ServiceError(
    'NoSuchResourceException',
    'The request failed because the specified service does not exist.',
    400,
  )

function getServiceQuota(
  quotas: readonly Quota[],
  place: Place,
): Action<sdk.GetServiceQuotaRequest, sdk.GetServiceQuotaResponse> {
  return async ({ ServiceCode, QuotaCode }) => {
    const quota = quotas.find(({ service, code }) => service === ServiceCode && code === QuotaCode)
    if (quota === undefined) throw nothing()
    return { Quota: describe(quota, place) }
  }
}

function listServiceQuotas(
  quotas: readonly Quota[],
  place: Place,
): Action<sdk.ListServiceQuotasRequest, sdk.ListServiceQuotasResponse> {
  return async ({ ServiceCode, QuotaCode }) => {
    const found = quotas.filter(
      ({ service, code }) => service === ServiceCode && code === (QuotaCode ?? code),
    )
    if (found.length === 0) throw nothing()
    return { Quotas: found.map((quota) => describe(quota, place)) }
  }
}

function describe(quota: Quota, { region, accountId }: Place): sdk.ServiceQuota {
  return {
    ServiceCode: quota.service,
    ServiceName: quota.serviceName,
    QuotaArn: `arn:aws:servicequotas:${region}:${accountId}:${quota.service}/${quota.code}`,
    QuotaCode: quota.code,
    QuotaName: quota.name,
    Value: quota.value,
    Unit: 'None',
    Adjustable: true,
    GlobalQuota: false,
  }
}
