import { applicationArn, environmentArn, versionArn } from './actions/describe.ts'
import { liveEnvironments } from './actions/find.ts'
import type { Context } from './context.ts'
import { belongingsOf } from './resources/belongings.ts'

/** The ARNs of applications, of their versions, of the environments that aren't terminated, and of their alarms; what else they have, other services list. */
export function inventoryOf(context: Context): string[] {
  return [
    ...context.store
      .applications()
      .flatMap(({ name, versions }) => [
        applicationArn(context, name),
        ...versions.map(({ label }) => versionArn(context, name, label)),
      ]),
    ...liveEnvironments(context.store).map((environment) => environmentArn(context, environment)),
    ...belongingsOf(context).flatMap(({ alarms }) => alarms.map(({ arn }) => arn)),
  ]
}

/** What lives on a service-linked role, in words: Beanstalk's own and those of the services it uses are needed by every environment. */
export function usersOf({ store }: Pick<Context, 'store'>): string[] {
  return liveEnvironments(store).map(({ name }) => `the environment ${name}`)
}
