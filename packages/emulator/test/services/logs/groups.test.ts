import * as sdk from '@aws-sdk/client-cloudwatch-logs'
import { expect, test } from 'vitest'
import { clientOf, started } from '../../support/started.ts'

async function opened() {
  const emulator = await started()
  return { emulator, logs: new sdk.CloudWatchLogsClient(clientOf(emulator)) }
}

test('a group is made once, keeps what it is told to, and goes once', async () => {
  const { logs, emulator } = await opened()
  await logs.send(new sdk.CreateLogGroupCommand({ logGroupName: '/shop/a', tags: { team: 'x' } }))
  await logs.send(new sdk.CreateLogGroupCommand({ logGroupName: '/other' }))
  await expect(logs.send(new sdk.CreateLogGroupCommand({ logGroupName: '/shop/a' }))).rejects.toMatchObject({
    name: 'ResourceAlreadyExistsException',
    message: 'The specified log group already exists',
  })
  await logs.send(new sdk.PutRetentionPolicyCommand({ logGroupName: '/shop/a', retentionInDays: 7 }))
  const { logGroups } = await logs.send(new sdk.DescribeLogGroupsCommand({ logGroupNamePrefix: '/shop' }))
  expect(logGroups).toMatchObject([
    {
      logGroupName: '/shop/a',
      retentionInDays: 7,
      storedBytes: 0,
      creationTime: expect.any(Number) as number,
    },
  ])
  const { tags } = await logs.send(
    new sdk.ListTagsForResourceCommand({ resourceArn: logGroups![0]!.logGroupArn }),
  )
  expect(tags).toEqual({ team: 'x' })
  expect((await emulator.inventory()).filter((arn) => arn.includes(':logs:'))).toHaveLength(2)
  await logs.send(new sdk.DeleteLogGroupCommand({ logGroupName: '/shop/a' }))
  await expect(logs.send(new sdk.DeleteLogGroupCommand({ logGroupName: '/shop/a' }))).rejects.toMatchObject({
    name: 'ResourceNotFoundException',
    message: 'The specified log group does not exist.',
  })
})

test.each([
  [new sdk.CreateLogGroupCommand({ logGroupName: 'a b' }), 'InvalidParameterException'],
  [new sdk.CreateLogGroupCommand({} as never), 'ValidationException'],
  [
    new sdk.PutRetentionPolicyCommand({ logGroupName: '/a', retentionInDays: 8 }),
    'InvalidParameterException',
  ],
  [new sdk.DescribeLogStreamsCommand({ logGroupName: '/a' }), 'ResourceNotFoundException'],
  [new sdk.PutLogEventsCommand({ logGroupName: '/a', logStreamName: 's', logEvents: [] }), 'NotImplemented'],
  [new sdk.DescribeLogGroupsCommand({ limit: 'many' as never }), 'SerializationException'],
])('bad input is refused by name (%#)', async (command, name) => {
  const { logs } = await opened()
  await expect(logs.send(command as sdk.CreateLogGroupCommand)).rejects.toMatchObject({ name })
})

test('a list comes in pages', async () => {
  const { logs } = await opened()
  for (const name of ['a', 'b', 'c']) await logs.send(new sdk.CreateLogGroupCommand({ logGroupName: name }))
  const names: (string | undefined)[] = []
  for await (const page of sdk.paginateDescribeLogGroups({ client: logs, pageSize: 2 }, {}))
    names.push(...page.logGroups!.map(({ logGroupName }) => logGroupName))
  expect(names).toEqual(['a', 'b', 'c'])
})
