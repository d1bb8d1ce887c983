import {
  DescribeAccountAttributesCommand,
  DescribeApplicationsCommand,
  DescribeApplicationVersionsCommand,
  DescribeEnvironmentsCommand,
  ElasticBeanstalkClient,
} from '@aws-sdk/client-elastic-beanstalk'
import type { Usage } from '../account/ports.ts'
import { caller } from './caller.ts'
import { callOptions, clientOptions } from './client-options.ts'
import type { Connection } from './connection.ts'

/** Elastic Beanstalk's quotas and what is used of them, behind the {@link Usage} port. */
export function openUsage(connection: Connection): Usage {
  const client = new ElasticBeanstalkClient(clientOptions(connection))
  const run = caller(connection)
  const limits = (signal: AbortSignal | undefined) =>
    run('DescribeAccountAttributes', signal, async () => {
      const answer = await client.send(new DescribeAccountAttributesCommand({}), callOptions(signal))
      return answer.ResourceQuotas
    })
  const applications = (signal: AbortSignal | undefined) =>
    run('DescribeApplications', signal, async () => {
      const answer = await client.send(new DescribeApplicationsCommand({}), callOptions(signal))
      return answer.Applications?.length ?? 0
    })
  const environments = (signal: AbortSignal | undefined) =>
    run('DescribeEnvironments', signal, () =>
      counted(async (NextToken) => {
        const command = new DescribeEnvironmentsCommand({ IncludeDeleted: false, NextToken })
        const page = await client.send(command, callOptions(signal))
        return { found: page.Environments?.length ?? 0, next: page.NextToken }
      }),
    )
  const versions = (signal: AbortSignal | undefined) =>
    run('DescribeApplicationVersions', signal, () =>
      counted(async (NextToken) => {
        const command = new DescribeApplicationVersionsCommand({ NextToken })
        const page = await client.send(command, callOptions(signal))
        return { found: page.ApplicationVersions?.length ?? 0, next: page.NextToken }
      }),
    )

  return {
    describe: async (signal) => {
      const most = await limits(signal)
      return [
        { kind: 'applications', used: await applications(signal), most: most?.ApplicationQuota?.Maximum },
        { kind: 'environments', used: await environments(signal), most: most?.EnvironmentQuota?.Maximum },
        { kind: 'versions', used: await versions(signal), most: most?.ApplicationVersionQuota?.Maximum },
      ]
    },
  }
}

/** Adds up pages until there is no next token. */
async function counted(
  page: (token: string | undefined) => Promise<{ found: number; next: string | undefined }>,
): Promise<number> {
  let total = 0
  let token: string | undefined
  do {
    const { found, next } = await page(token)
    total += found
    token = next
  } while (token)
  return total
}
