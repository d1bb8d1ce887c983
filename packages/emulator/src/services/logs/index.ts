import * as sdk from '@aws-sdk/client-cloudwatch-logs'
import type { Clock } from '../../clock.ts'
import { operationSchemas } from '../../protocol/schema.ts'
import type { JsonService } from '../../protocol/json/service.ts'
import type { Belongings } from '../belongings.ts'
import type { HostedService } from '../hosted.ts'
import type { Action } from '../service.ts'
import {
  createLogGroup,
  deleteLogGroup,
  describeLogGroups,
  listTagsForResource,
  putRetentionPolicy,
} from './actions/groups.ts'
import { describeLogStreams, filterLogEvents, getLogEvents } from './actions/events.ts'
import type { LogGroups } from './groups.ts'

/** What the actions of CloudWatch Logs look at. */
export interface Logs {
  region: string
  accountId: string
  clock: Clock
  groups: LogGroups
  belongings: () => Belongings[]
}

const factories = {
  CreateLogGroup: createLogGroup,
  DeleteLogGroup: deleteLogGroup,
  DescribeLogGroups: describeLogGroups,
  DescribeLogStreams: describeLogStreams,
  FilterLogEvents: filterLogEvents,
  GetLogEvents: getLogEvents,
  ListTagsForResource: listTagsForResource,
  PutRetentionPolicy: putRetentionPolicy,
}

/** CloudWatch Logs: groups that stay, and what the instances that are there have written. */
export const createLogs = (logs: Logs): JsonService & Pick<HostedService, 'inventory'> => ({
  signingName: 'logs',
  target: 'Logs_20140328',
  schemas: operationSchemas(sdk),
  actions: Object.fromEntries(
    Object.entries(factories).map(([name, factory]) => [name, factory(logs) as Action]),
  ),
  inventory: () => logs.groups.all().map(({ name }) => groupArn(logs, name)),
})

export const groupArn = ({ region, accountId }: Pick<Logs, 'region' | 'accountId'>, name: string): string =>
  `arn:aws:logs:${region}:${accountId}:log-group:${name}`
