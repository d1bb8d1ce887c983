import {
  GetAWSDefaultServiceQuotaCommand,
  GetServiceQuotaCommand,
  ServiceQuotasClient,
} from '@aws-sdk/client-service-quotas'
import type { Quotas } from '../account/ports.ts'
import { caller, unless } from './caller.ts'
import { callOptions, clientOptions } from './client-options.ts'
import type { Connection } from './connection.ts'

/** Service Quotas behind the {@link Quotas} port: the account's own value, else AWS's default. */
export function openQuotas(connection: Connection): Quotas {
  const client = new ServiceQuotasClient(clientOptions(connection))
  const run = caller(connection)
  return {
    describe: (service, quota, signal) =>
      run('GetServiceQuota', signal, async () => {
        const asked = { ServiceCode: service, QuotaCode: quota }
        const own = await unless(['NoSuchResource'], undefined, () =>
          client.send(new GetServiceQuotaCommand(asked), callOptions(signal)),
        )
        if (own?.Quota?.Value !== undefined) return own.Quota.Value
        const standard = await unless(['NoSuchResource'], undefined, () =>
          client.send(new GetAWSDefaultServiceQuotaCommand(asked), callOptions(signal)),
        )
        return standard?.Quota?.Value
      }),
  }
}
