import type {
  DescribeEventsCommandInput,
  DescribeEventsCommandOutput,
  EventDescription,
} from '@aws-sdk/client-elastic-beanstalk'
import type { Action } from '../../service.ts'
import type { Event, Severity } from '../state/model.ts'
import { checkParameters } from '../validation/parameters.ts'
import { readToken, writeToken } from './pages.ts'
import type { Service } from './service.ts'

/** From the mildest on. */
const severities: Severity[] = ['TRACE', 'DEBUG', 'INFO', 'WARN', 'ERROR', 'FATAL']
const mostRecords = 1000

/** Newest first. A token tells the oldest event that was given, so that events that come meanwhile shift no page. */
export function describeEvents({
  context,
}: Service): Action<DescribeEventsCommandInput, Omit<DescribeEventsCommandOutput, '$metadata'>> {
  return async (input) => {
    checkParameters(input, [])
    const before = input.NextToken === undefined ? Infinity : readToken(input.NextToken)
    const found = context.eventLog
      .all()
      .filter((event) => event.seq < before && isAskedFor(event, input) && isInTime(event, input))
      .reverse()
    const page = found.slice(0, input.MaxRecords ?? mostRecords)
    const oldest = page.at(-1)
    return {
      Events: page.map(describeEvent),
      ...(page.length < found.length && oldest ? { NextToken: writeToken(oldest.seq) } : {}),
    }
  }
}

function isAskedFor(event: Event, input: DescribeEventsCommandInput): boolean {
  return (
    matches(event.application, input.ApplicationName) &&
    matches(event.version, input.VersionLabel) &&
    matches(event.environment?.id, input.EnvironmentId) &&
    matches(event.environment?.name, input.EnvironmentName) &&
    matches(event.requestId, input.RequestId) &&
    matches(undefined, input.TemplateName) &&
    matches(undefined, input.PlatformArn) &&
    severities.indexOf(event.severity) >= severities.indexOf(input.Severity ?? 'TRACE')
  )
}

function matches(has: string | undefined, wanted: string | undefined): boolean {
  return wanted === undefined || has === wanted
}

/** StartTime is inclusive, EndTime exclusive. */
function isInTime({ at }: Event, { StartTime, EndTime }: DescribeEventsCommandInput): boolean {
  const time = Date.parse(at)
  return time >= (StartTime?.getTime() ?? -Infinity) && time < (EndTime?.getTime() ?? Infinity)
}

function describeEvent(event: Event): EventDescription {
  return {
    EventDate: new Date(event.at),
    Message: event.message,
    ApplicationName: event.application,
    VersionLabel: event.version,
    EnvironmentName: event.environment?.name,
    RequestId: event.requestId,
    Severity: event.severity,
  }
}
