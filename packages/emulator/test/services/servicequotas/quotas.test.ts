import {
  GetServiceQuotaCommand,
  ListServiceQuotasCommand,
  ServiceQuotasClient,
} from '@aws-sdk/client-service-quotas'
import { expect, test } from 'vitest'
import { clientOf, started } from '../../support/started.ts'

const processors = { ServiceCode: 'ec2', QuotaCode: 'L-1216C47A' }

test.each([
  ['new', 32],
  ['full', 1],
])('an account of kind %s may run %i processors', async (account, Value) => {
  const client = clientOf(await started({ account }))
  const { Quota } = await new ServiceQuotasClient(client).send(new GetServiceQuotaCommand(processors))
  expect(Quota).toMatchObject({ ...processors, Value, Adjustable: true })
})

test('quotas are listed by service, and a service without any is refused', async () => {
  const client = clientOf(await started())
  const quotas = new ServiceQuotasClient(client)
  const { Quotas } = await quotas.send(new ListServiceQuotasCommand({ ServiceCode: 'elasticloadbalancing' }))
  expect(Quotas).toMatchObject([{ QuotaCode: 'L-53DA6B97', Value: 50 }])
  const { Quotas: ec2 } = await quotas.send(new ListServiceQuotasCommand({ ServiceCode: 'ec2' }))
  expect(ec2!.map(({ QuotaCode, Value }) => [QuotaCode, Value])).toContainEqual(['L-0263D0A3', 5])
  await expect(quotas.send(new ListServiceQuotasCommand({ ServiceCode: 'nothing' }))).rejects.toMatchObject({
    name: 'NoSuchResourceException',
  })
})
