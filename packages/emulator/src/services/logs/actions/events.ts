import type * as sdk from '@aws-sdk/client-cloudwatch-logs'
import { ServiceError, type Action } from '../../service.ts'
import { groupArn, type Logs } from '../index.ts'
import { pageOf } from '../pages.ts'
import { bytesOf, eventsOf, streamsOf, type LogEvent, type LogStream } from '../streams.ts'

/** Events that an answer holds at most. */
const MOST_EVENTS = 10_000

/** The name of a group by its name or its ARN. */
const nameOf = (name: string | undefined, identifier: string | undefined): string =>
  name ?? identifier?.split(':log-group:').at(-1)?.replace(/:\*$/, '') ?? ''

export function describeLogStreams(
  logs: Logs,
): Action<sdk.DescribeLogStreamsRequest, sdk.DescribeLogStreamsResponse> {
  return async ({ logGroupName, logGroupIdentifier, logStreamNamePrefix = '', limit = 50, nextToken }) => {
    const group = logs.groups.get(nameOf(logGroupName, logGroupIdentifier))
    const found = streamsOf(logs.belongings(), group.name).filter(({ name }) =>
      name.startsWith(logStreamNamePrefix),
    )
    const { items, next } = pageOf(found, limit, nextToken)
    return {
      logStreams: await Promise.all(items.map((stream) => describe(logs, group.name, stream))),
      nextToken: next,
    }
  }
}

async function describe(logs: Logs, group: string, stream: LogStream): Promise<sdk.LogStream> {
  const events = await eventsOf(stream)
  return {
    logStreamName: stream.name,
    arn: `${groupArn(logs, group)}:log-stream:${stream.name}`,
    creationTime: stream.createdAt.getTime(),
    storedBytes: await bytesOf(stream),
    firstEventTimestamp: events[0]?.at.getTime(),
    lastEventTimestamp: events.at(-1)?.at.getTime(),
  }
}

/** The newest events, or with `startFromHead` the oldest; a token goes on where the page ended. */
export function getLogEvents(logs: Logs): Action<sdk.GetLogEventsRequest, sdk.GetLogEventsResponse> {
  return async ({ logGroupName, logGroupIdentifier, logStreamName, limit = MOST_EVENTS, ...input }) => {
    const group = logs.groups.get(nameOf(logGroupName, logGroupIdentifier))
    const stream = streamsOf(logs.belongings(), group.name).find(({ name }) => name === logStreamName)
    if (stream === undefined)
      throw new ServiceError('ResourceNotFoundException', 'The specified log stream does not exist.')
    const all = (await eventsOf(stream)).filter((event) => isInTime(event, input))
    const [direction, position] = readToken(input.nextToken)
    const head = direction === 'f' ? position : Math.max(0, position - limit)
    const start =
      input.nextToken === undefined ? (input.startFromHead ? 0 : Math.max(0, all.length - limit)) : head
    const end = direction === 'b' ? Math.min(position, all.length) : Math.min(start + limit, all.length)
    return {
      events: all.slice(start, end).map(({ at, message }) => ({
        timestamp: at.getTime(),
        ingestionTime: at.getTime(),
        message,
      })),
      nextForwardToken: `f/${end}`,
      nextBackwardToken: `b/${start}`,
    }
  }
}

function readToken(token: string | undefined): ['f' | 'b' | undefined, number] {
  if (token === undefined) return [undefined, 0]
  const match = /^([fb])\/(\d{1,12})$/.exec(token)
  if (match === null)
    throw new ServiceError('InvalidParameterException', 'The specified nextToken is invalid.')
  return [match[1] as 'f' | 'b', Number(match[2])]
}

/** Events of all streams of a group, oldest first. Of filter patterns terms are known: each must be in the message. */
export function filterLogEvents(logs: Logs): Action<sdk.FilterLogEventsRequest, sdk.FilterLogEventsResponse> {
  return async ({ logGroupName, logGroupIdentifier, filterPattern = '', limit = MOST_EVENTS, ...input }) => {
    const group = logs.groups.get(nameOf(logGroupName, logGroupIdentifier))
    const streams = streamsOf(logs.belongings(), group.name)
      .filter(({ name }) => !input.logStreamNames?.length || input.logStreamNames.includes(name))
      .filter(({ name }) => name.startsWith(input.logStreamNamePrefix ?? ''))
    const terms = [...filterPattern.matchAll(/"([^"]*)"|(\S+)/g)].map(([, quoted, bare]) => quoted ?? bare!)
    const events = await Promise.all(
      streams.map(async (stream) =>
        (await eventsOf(stream)).map((event, index) => ({ ...event, stream: stream.name, index })),
      ),
    )
    const found = events
      .flat()
      .filter((event) => isInTime(event, input) && terms.every((term) => event.message.includes(term)))
      .sort((a, b) => a.at.getTime() - b.at.getTime())
    const { items, next } = pageOf(found, limit, input.nextToken)
    return {
      events: items.map(({ at, message, stream, index }) => ({
        eventId: `${stream}-${index}`,
        logStreamName: stream,
        timestamp: at.getTime(),
        ingestionTime: at.getTime(),
        message,
      })),
      searchedLogStreams: [],
      nextToken: next,
    }
  }
}

const isInTime = (
  { at }: LogEvent,
  { startTime, endTime }: { startTime?: number | undefined; endTime?: number | undefined },
): boolean => at.getTime() >= (startTime ?? 0) && at.getTime() <= (endTime ?? Number.MAX_SAFE_INTEGER)
