import {
  DescribeApplicationVersionsCommand,
  DescribeEnvironmentsCommand,
  DescribeEventsCommand,
  DescribeInstancesHealthCommand,
  type ElasticBeanstalkClient,
  type EventSeverity,
  ListPlatformVersionsCommand,
  type PlatformSummary,
  RetrieveEnvironmentInfoCommand,
} from '@aws-sdk/client-elastic-beanstalk'
import type { Beanstalk, BeanstalkEvent, InstanceLog } from '../beanstalk/ports.ts'
import { CloudError } from '../errors.ts'
import { callOptions } from './client-options.ts'
import type { Connection } from './connection.ts'
import { environmentOf, eventOf, instanceOf, versionOf } from './shapes.ts'
import { translated } from './translate-error.ts'

/** The branch that lucree deploys to (facts sheet §1.1). */
const DOCKER_BRANCH = 'Docker running on 64bit Amazon Linux 2023'
/** DescribeEvents answers at most this many (facts sheet §3). */
const EVENTS_PAGE = 1000

/** Reads page after page until there is no next token. */
async function pages<Page extends { NextToken?: string | undefined }, Item>(
  signal: AbortSignal | undefined,
  fetch: (token: string | undefined) => Promise<Page>,
  items: (page: Page) => Item[],
  enough = Infinity,
): Promise<Item[]> {
  const found: Item[] = []
  let token: string | undefined
  do {
    signal?.throwIfAborted()
    const page = await fetch(token)
    found.push(...items(page))
    token = page.NextToken
  } while (token && found.length < enough)
  return found
}

export function allVersions(
  client: ElasticBeanstalkClient,
  application: string,
  labels: string[] | undefined,
  signal?: AbortSignal,
) {
  return pages(
    signal,
    (NextToken) =>
      client.send(
        new DescribeApplicationVersionsCommand({
          ApplicationName: application,
          ...(labels ? { VersionLabels: labels } : {}),
          ...(NextToken ? { NextToken } : {}),
        }),
        callOptions(signal),
      ),
    (page) => (page.ApplicationVersions ?? []).map(versionOf),
  )
}

/** Of every application; deleted ones come only when they are asked for with a date (facts sheet §3.2). */
export function allEnvironments(client: ElasticBeanstalkClient, terminatedSince: Date, signal?: AbortSignal) {
  return pages(
    signal,
    (NextToken) =>
      client.send(
        new DescribeEnvironmentsCommand({
          IncludeDeleted: true,
          IncludedDeletedBackTo: terminatedSince,
          ...(NextToken ? { NextToken } : {}),
        }),
        callOptions(signal),
      ),
    (page) => (page.Environments ?? []).map(environmentOf),
  )
}

/** Oldest first; the service answers newest first. */
export async function allEvents(
  client: ElasticBeanstalkClient,
  filter: Parameters<Beanstalk['describeEvents']>[0],
  signal?: AbortSignal,
): Promise<BeanstalkEvent[]> {
  const max = filter.max ?? Infinity
  const events = await pages(
    signal,
    (NextToken) =>
      client.send(
        new DescribeEventsCommand({
          ApplicationName: filter.application,
          MaxRecords: Math.min(max, EVENTS_PAGE),
          ...(filter.environment ? { EnvironmentName: filter.environment } : {}),
          ...(filter.requestId ? { RequestId: filter.requestId } : {}),
          ...(filter.since ? { StartTime: filter.since } : {}),
          ...(filter.severity ? { Severity: filter.severity as EventSeverity } : {}),
          ...(NextToken ? { NextToken } : {}),
        }),
        callOptions(signal),
      ),
    (page) => (page.Events ?? []).map(eventOf),
    max,
  )
  return events.slice(0, max).reverse()
}

export function allInstances(client: ElasticBeanstalkClient, environment: string, signal?: AbortSignal) {
  return pages(
    signal,
    (NextToken) =>
      client.send(
        new DescribeInstancesHealthCommand({
          EnvironmentName: environment,
          AttributeNames: ['All'],
          ...(NextToken ? { NextToken } : {}),
        }),
        callOptions(signal),
      ),
    (page) => (page.InstanceHealthList ?? []).map((instance) => instanceOf(instance, page.RefreshedAt)),
  )
}

/** The newest version of the Docker branch: Recommended ones first, all of them when none is (facts sheet §1.2). */
export async function dockerPlatforms(
  client: ElasticBeanstalkClient,
  connection: Connection,
  signal?: AbortSignal,
) {
  const ofBranch = { Type: 'PlatformBranchName', Operator: '=', Values: [DOCKER_BRANCH] }
  const recommended = { Type: 'PlatformLifecycleState', Operator: '=', Values: ['Recommended'] }
  for (const Filters of [[ofBranch, recommended], [ofBranch]]) {
    const found = await pages(
      signal,
      (NextToken) =>
        client.send(
          new ListPlatformVersionsCommand({ Filters, ...(NextToken ? { NextToken } : {}) }),
          callOptions(signal),
        ),
      (page) => page.PlatformSummaryList ?? [],
    )
    const newest = found.sort(newestFirst)[0]
    if (newest?.PlatformArn) return { arn: newest.PlatformArn, version: newest.PlatformVersion ?? '' }
  }
  throw new CloudError('No Docker platform was found', {
    code: 'LUC-PLATFORM-NONE',
    awsCode: undefined,
    transient: false,
    why: `ListPlatformVersions in ${connection.region} names no version of “${DOCKER_BRANCH}”`,
    hints: ['use a region that has Elastic Beanstalk: --region us-east-1'],
  })
}

/** By semantic version: the list's own order once made a tool choose 3.0.1 over newer ones (facts sheet §1.2). */
function newestFirst(one: PlatformSummary, other: PlatformSummary): number {
  return (other.PlatformVersion ?? '').localeCompare(one.PlatformVersion ?? '', 'en', { numeric: true })
}

/** The newest log of each instance; the message is a presigned address that lives 15 minutes (facts sheet §3.2). */
export async function deliveredLogs(
  client: ElasticBeanstalkClient,
  connection: Connection,
  wanted: { environment: string; kind: 'tail' | 'bundle' },
  signal?: AbortSignal,
): Promise<InstanceLog[]> {
  const { EnvironmentInfo } = await client.send(
    new RetrieveEnvironmentInfoCommand({ EnvironmentName: wanted.environment, InfoType: wanted.kind }),
    callOptions(signal),
  )
  return (EnvironmentInfo ?? []).flatMap(({ Ec2InstanceId, SampleTimestamp, Message }) =>
    Ec2InstanceId && SampleTimestamp && Message
      ? [
          {
            instanceId: Ec2InstanceId,
            at: SampleTimestamp,
            read: (cancel) => download(connection, Message, cancel),
          },
        ]
      : [],
  )
}

function download(connection: Connection, url: string, signal: AbortSignal | undefined): Promise<Buffer> {
  return translated(connection, 'GetObject', signal, async () => {
    const answer = await fetch(url, signal ? { signal } : {})
    if (!answer.ok) {
      throw Object.assign(new Error(`the log's address answered ${answer.status}`), {
        name: answer.status === 403 ? 'AccessDenied' : 'LogNotReady',
        $metadata: { httpStatusCode: answer.status },
      })
    }
    return Buffer.from(await answer.arrayBuffer())
  })
}
