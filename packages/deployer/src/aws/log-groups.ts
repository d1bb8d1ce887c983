import {
  CloudWatchLogsClient,
  DeleteLogGroupCommand,
  paginateDescribeLogGroups,
} from '@aws-sdk/client-cloudwatch-logs'
import type { LogGroups } from '../account/ports.ts'
import { caller, collected, unless } from './caller.ts'
import { callOptions, clientOptions } from './client-options.ts'
import type { Connection } from './connection.ts'

/** CloudWatch Logs behind the {@link LogGroups} port. */
export function openLogGroups(connection: Connection): LogGroups {
  const client = new CloudWatchLogsClient(clientOptions(connection))
  const run = caller(connection)
  return {
    list: (prefix, signal) =>
      run('DescribeLogGroups', signal, () =>
        collected(
          paginateDescribeLogGroups({ client }, { logGroupNamePrefix: prefix }),
          (page) => page.logGroups?.flatMap(({ logGroupName }) => logGroupName ?? []),
          signal,
        ),
      ),
    remove: (name, signal) =>
      run('DeleteLogGroup', signal, () =>
        unless(['ResourceNotFound'], undefined, async () => {
          await client.send(new DeleteLogGroupCommand({ logGroupName: name }), callOptions(signal))
        }),
      ),
  }
}
