import { savedFor } from '../../beanstalk/releases/saved-options.ts'
import type { Found, View } from './inventory.ts'

/** The options that releases keep in Beanstalk under lucree's names; those that somebody saved in the console go with the application only. */
export async function findSavedConfigurations(view: View): Promise<Found> {
  const { cloud, signal, application, exists } = view
  const names = exists ? await cloud.configurations.list(application, signal) : []
  return {
    items: names.flatMap((name) => {
      const environment = savedFor(name)
      return environment === undefined ? [] : [{ kind: 'saved-configuration' as const, name, environment }]
    }),
  }
}
