import type * as sdk from '@aws-sdk/client-cloudwatch-logs'
import { ServiceError, type Action } from '../../service.ts'
import { groupArn, type Logs } from '../index.ts'
import { pageOf } from '../pages.ts'
import { bytesOf, streamsOf } from '../streams.ts'

/** As the service has them: days that a group may be kept. */
const RETENTIONS = [
  1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288, 3653,
]

const invalid = (message: string) => new ServiceError('InvalidParameterException', message)

export function createLogGroup({ groups, clock }: Logs): Action<sdk.CreateLogGroupRequest, object> {
  return async ({ logGroupName: name = '', tags }) => {
    if (!/^[.\-_/#A-Za-z0-9]{1,512}$/.test(name)) {
      throw invalid(
        `1 validation error detected: Value '${name}' at 'logGroupName' failed to satisfy constraint: Member must satisfy regular expression pattern: [\\.\\-_/#A-Za-z0-9]+`,
      )
    }
    await groups.create({ name, createdAt: clock.now().toISOString(), tags: tags ?? {} })
    return {}
  }
}

export function deleteLogGroup({ groups }: Logs): Action<sdk.DeleteLogGroupRequest, object> {
  return async ({ logGroupName = '' }) => {
    await groups.remove([groups.get(logGroupName).name])
    return {}
  }
}

export function describeLogGroups(
  logs: Logs,
): Action<sdk.DescribeLogGroupsRequest, sdk.DescribeLogGroupsResponse> {
  return async ({ logGroupNamePrefix = '', logGroupNamePattern, limit = 50, nextToken }) => {
    const found = logs.groups
      .all()
      .filter(({ name }) => name.startsWith(logGroupNamePrefix))
      .filter(({ name }) => name.toLowerCase().includes((logGroupNamePattern ?? '').toLowerCase()))
      .sort((a, b) => (a.name < b.name ? -1 : 1))
    const { items, next } = pageOf(found, limit, nextToken)
    const logGroups = items.map(async ({ name, createdAt, retentionInDays }) => ({
      logGroupName: name,
      arn: `${groupArn(logs, name)}:*`,
      logGroupArn: groupArn(logs, name),
      creationTime: Date.parse(createdAt),
      metricFilterCount: 0,
      logGroupClass: 'STANDARD' as const,
      storedBytes: await storedBytes(logs, name),
      ...(retentionInDays === undefined ? {} : { retentionInDays }),
    }))
    return { logGroups: await Promise.all(logGroups), nextToken: next }
  }
}

async function storedBytes({ belongings }: Logs, group: string): Promise<number> {
  const bytes = await Promise.all(streamsOf(belongings(), group).map(bytesOf))
  return bytes.reduce((sum, one) => sum + one, 0)
}

export function putRetentionPolicy({ groups }: Logs): Action<sdk.PutRetentionPolicyRequest, object> {
  return async ({ logGroupName = '', retentionInDays = 0 }) => {
    if (!RETENTIONS.includes(retentionInDays))
      throw invalid(
        `Invalid retentionInDays: ${retentionInDays}. It must be one of ${RETENTIONS.join(', ')}.`,
      )
    await groups.change(logGroupName, (group) => {
      group.retentionInDays = retentionInDays
    })
    return {}
  }
}

export function listTagsForResource({
  groups,
}: Logs): Action<sdk.ListTagsForResourceRequest, sdk.ListTagsForResourceResponse> {
  return async ({ resourceArn = '' }) => ({
    tags: groups.get(resourceArn.split(':log-group:')[1] ?? '').tags,
  })
}
