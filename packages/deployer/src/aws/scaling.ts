import { AutoScalingClient, DescribeScalingActivitiesCommand } from '@aws-sdk/client-auto-scaling'
import type { Scaling } from '../account/ports.ts'
import { answered, caller } from './caller.ts'
import { callOptions, clientOptions } from './client-options.ts'
import type { Connection } from './connection.ts'

/** The service answers newest first, at most this many at a time; older ones explain nothing. */
const NEWEST = 100

/** Auto Scaling behind the {@link Scaling} port. */
export function openScaling(connection: Connection): Scaling {
  const client = new AutoScalingClient(clientOptions(connection))
  const run = caller(connection)
  return {
    describeActivities: (group, signal) =>
      run('DescribeScalingActivities', signal, async () => {
        try {
          const { Activities } = await client.send(
            new DescribeScalingActivitiesCommand({ AutoScalingGroupName: group, MaxRecords: NEWEST }),
            callOptions(signal),
          )
          return (Activities ?? []).map((activity) => ({
            at: activity.StartTime ?? new Date(0),
            status: activity.StatusCode ?? '',
            message: activity.StatusMessage ?? activity.Description ?? '',
          }))
        } catch (error) {
          if (answered(error, 'ValidationError') && /not found/i.test((error as Error).message)) return []
          throw error
        }
      }),
  }
}
