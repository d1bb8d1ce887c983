import * as sdk from '@aws-sdk/client-elastic-beanstalk'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { operationSchemas } from '../../../src/protocol/schema.ts'
import { ServiceError, type Action, type QueryService } from '../../../src/services/service.ts'
import { localAccount } from '../../support/local-account.ts'

type Actions = Record<string, Action<never, unknown>>

/** Elastic Beanstalk's own model in front of actions of the test. */
const beanstalk = (actions: Actions): QueryService => ({
  signingName: 'elasticbeanstalk',
  apiVersion: '2010-12-01',
  xmlNamespace: 'http://elasticbeanstalk.amazonaws.com/docs/2010-12-01/',
  schemas: operationSchemas(sdk),
  actions,
})

async function clientOf(actions: Actions) {
  const account = await localAccount({ services: [beanstalk(actions)] })
  return { account, client: new sdk.ElasticBeanstalkClient(account.client) }
}

/** Anything that XML 1.0 can hold; line ends as every XML parser hands them on. */
const text = fc
  .string({ unit: 'binary', maxLength: 40 })
  .map((value) => value.replace(/[^\t\n\u{20}-\u{D7FF}\u{E000}-\u{FFFD}\u{10000}-\u{10FFFF}]/gu, ''))

test('any text goes through parameters and answers unchanged', async () => {
  const { client } = await clientOf({
    UpdateEnvironment: async (input: sdk.UpdateEnvironmentCommandInput) => ({
      EnvironmentName: input.EnvironmentName,
      Description: input.OptionSettings?.[0]?.Value,
      VersionLabel: input.OptionSettings?.map((setting) => setting.Value).join('|'),
    }),
  })
  await fc.assert(
    fc.asyncProperty(fc.array(text, { minLength: 1, maxLength: 4 }), async (values) => {
      const OptionSettings = values.map((Value) => ({ Namespace: 'n', OptionName: 'A', Value }))
      const answer = await client.send(
        new sdk.UpdateEnvironmentCommand({ EnvironmentName: 'e', OptionSettings }),
      )
      expect(answer.Description ?? '').toBe(values[0])
      expect(answer.VersionLabel ?? '').toBe(values.join('|'))
    }),
    { numRuns: 60 },
  )
})

test('values that trip parsers go through unchanged', async () => {
  const { client } = await clientOf({
    UpdateEnvironment: async (input: sdk.UpdateEnvironmentCommandInput) => ({
      Description: input.Description,
    }),
  })
  const odd = [
    ' leading and trailing ',
    'a,b=c "d" $e \\ ü',
    '<&>\'"]]>',
    'line\nline',
    '100%+1&x=y',
    '0123',
    'true',
    '🦄',
    '&amp;#10;',
    'null',
  ]
  for (const Description of odd) {
    const answer = await client.send(new sdk.UpdateEnvironmentCommand({ Description }))
    expect(answer.Description).toBe(Description)
  }
})

test('lists, structures, times, numbers and booleans arrive as what they are', async () => {
  const seen: object[] = []
  const { client } = await clientOf({
    DescribeEvents: async (input: object) => {
      seen.push(input)
      return { Events: [], NextToken: undefined }
    },
    DescribeEnvironments: async (input: object) => {
      seen.push(input)
      return {
        Environments: [
          {
            EnvironmentName: 'a',
            DateCreated: new Date('2026-01-02T03:04:05.678Z'),
            AbortableOperationInProgress: false,
          },
        ],
      }
    },
  })
  const StartTime = new Date('2026-11-22T17:00:00.000Z')
  const events = await client.send(
    new sdk.DescribeEventsCommand({ StartTime, MaxRecords: 7, EnvironmentName: 'x' }),
  )
  const described = await client.send(
    new sdk.DescribeEnvironmentsCommand({
      EnvironmentNames: Array.from({ length: 12 }, (_, i) => `e-${i}`),
      IncludeDeleted: true,
    }),
  )
  expect(seen).toEqual([
    { StartTime, MaxRecords: 7, EnvironmentName: 'x' },
    { EnvironmentNames: Array.from({ length: 12 }, (_, i) => `e-${i}`), IncludeDeleted: true },
  ])
  expect(events.Events).toEqual([])
  expect(described.Environments).toEqual([
    {
      EnvironmentName: 'a',
      DateCreated: new Date('2026-01-02T03:04:05.678Z'),
      AbortableOperationInProgress: false,
    },
  ])
})

test('an action without a result is answered with its request id alone', async () => {
  const ids: string[] = []
  const { client } = await clientOf({
    RestartAppServer: async (_input: object, call) => void ids.push(call.requestId),
  })
  const answer = await client.send(new sdk.RestartAppServerCommand({ EnvironmentName: 'x' }))
  expect(ids).toEqual([answer.$metadata.requestId])
})

test('an error of the service reaches the client with code, message and status', async () => {
  const { client } = await clientOf({
    DescribeEnvironments: async () => {
      throw new ServiceError('InvalidParameterValue', "No Environment found for EnvironmentName = 'x<y>'.")
    },
  })
  await expect(client.send(new sdk.DescribeEnvironmentsCommand({}))).rejects.toMatchObject({
    name: 'InvalidParameterValue',
    message: "No Environment found for EnvironmentName = 'x<y>'.",
    $fault: 'client',
    $metadata: { httpStatusCode: 400, requestId: expect.stringMatching(/^[0-9a-f-]{36}$/) },
  })
})

test('a failure of an action is an InternalFailure for the client and a stack in the log', async () => {
  const { client, account } = await clientOf({
    DescribeEnvironments: async () => {
      throw new TypeError('a secret reason')
    },
  })
  await expect(client.send(new sdk.DescribeEnvironmentsCommand({}))).rejects.toMatchObject({
    name: 'InternalFailure',
    message: expect.not.stringContaining('secret'),
    $metadata: { httpStatusCode: 500 },
  })
  expect(account.lines.join('\n')).toContain('TypeError: a secret reason')
})

test('an action that is known and not built is refused by its name', async () => {
  const { client } = await clientOf({})
  await expect(
    client.send(
      new sdk.SwapEnvironmentCNAMEsCommand({ SourceEnvironmentName: 'a', DestinationEnvironmentName: 'b' }),
    ),
  ).rejects.toMatchObject({
    name: 'NotImplemented',
    message: expect.stringContaining('elasticbeanstalk:SwapEnvironmentCNAMEs'),
    $metadata: { httpStatusCode: 501 },
  })
})

test('required members that are missing are told together', async () => {
  const { client } = await clientOf({ ValidateConfigurationSettings: async () => ({ Messages: [] }) })
  const incomplete = { OptionSettings: [{ Namespace: 'n' }] } as sdk.ValidateConfigurationSettingsCommandInput
  await expect(client.send(new sdk.ValidateConfigurationSettingsCommand(incomplete))).rejects.toMatchObject({
    name: 'ValidationError',
    message:
      "1 validation error detected: Value null at 'applicationName' failed to satisfy constraint: Member must not be null",
  })
  const create = {} as sdk.CreateApplicationVersionCommandInput
  const { client: other } = await clientOf({ CreateApplicationVersion: async () => ({}) })
  await expect(other.send(new sdk.CreateApplicationVersionCommand(create))).rejects.toMatchObject({
    message: expect.stringMatching(/^2 validation errors detected: .*'applicationName'.*; .*'versionLabel'/),
  })
})

test('a control character that XML can not carry is refused in a parameter and replaced in an answer', async () => {
  const { client } = await clientOf({
    UpdateEnvironment: async () => ({}),
    DescribeEvents: async () => ({ Events: [{ Message: 'red \u001b[31m\u0000 \ud800 end' }] }),
  })
  await expect(
    client.send(new sdk.UpdateEnvironmentCommand({ Description: 'bell \u0007' })),
  ).rejects.toMatchObject({
    name: 'ValidationError',
    message: expect.stringContaining("'description'"),
  })
  const { Events } = await client.send(new sdk.DescribeEventsCommand({}))
  expect(Events?.[0]?.Message).toBe('red \ufffd[31m\ufffd \ufffd end')
})
