import type {
  DescribeEnvironmentManagedActionHistoryCommandInput,
  DescribeEnvironmentManagedActionHistoryCommandOutput,
  DescribeEnvironmentManagedActionsCommandInput,
  DescribeEnvironmentManagedActionsCommandOutput,
  ManagedAction,
} from '@aws-sdk/client-elastic-beanstalk'
import type { Action } from '../../service.ts'
import { valueOf } from '../options/settings.ts'
import { latestOf, platformsOf } from '../platform/catalog.ts'
import type { Environment } from '../state/model.ts'
import { checkParameters } from '../validation/parameters.ts'
import { findEnvironment } from './find.ts'
import type { Service } from './service.ts'

const namespace = 'aws:elasticbeanstalk:managedactions'
const days = ['Sun', 'Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat']

/** With managed updates on and a newer platform version there is one, scheduled for the next window; it is only told, never carried out. */
export function describeEnvironmentManagedActions({
  context,
}: Service): Action<
  DescribeEnvironmentManagedActionsCommandInput,
  Omit<DescribeEnvironmentManagedActionsCommandOutput, '$metadata'>
> {
  return async (input) => {
    checkParameters(input, [])
    const environment = findEnvironment(context.store, input)
    const actions = managedActionsOf(
      environment,
      latestOf(platformsOf(context.ground.scenario)),
      context.clock.now(),
    )
    return {
      ManagedActions: actions.filter(({ Status }) => Status === (input.Status ?? Status)),
    }
  }
}

/** Always empty: no managed action is ever carried out. */
export function describeEnvironmentManagedActionHistory({
  context,
}: Service): Action<
  DescribeEnvironmentManagedActionHistoryCommandInput,
  Omit<DescribeEnvironmentManagedActionHistoryCommandOutput, '$metadata'>
> {
  return async (input) => {
    checkParameters(input, [])
    findEnvironment(context.store, input)
    return { ManagedActionHistoryItems: [] }
  }
}

function managedActionsOf(
  { id, settings, platformVersion }: Environment,
  latest: string,
  now: Date,
): ManagedAction[] {
  const on = valueOf(settings, namespace, 'ManagedActionsEnabled').toLowerCase() === 'true'
  if (!on || platformVersion === latest) return []
  return [
    {
      ActionId: `${id}-platform-${latest}`,
      ActionDescription: `Update the platform version from ${platformVersion} to ${latest}.`,
      ActionType: 'PlatformUpdate',
      Status: 'Scheduled',
      WindowStartTime: nextWindow(valueOf(settings, namespace, 'PreferredStartTime'), now),
    },
  ]
}

/** The next time of `Tue:09:00` in UTC; undefined when none is set. */
function nextWindow(preferred: string, now: Date): Date | undefined {
  const [day = '', hour = '', minute = ''] = preferred.split(':')
  if (!days.includes(day)) return undefined
  const window = new Date(now)
  window.setUTCHours(Number(hour), Number(minute), 0, 0)
  window.setUTCDate(window.getUTCDate() + ((days.indexOf(day) - window.getUTCDay() + 7) % 7))
  if (window <= now) window.setUTCDate(window.getUTCDate() + 7)
  return window
}
