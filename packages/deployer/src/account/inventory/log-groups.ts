import type { Found, View } from './inventory.ts'

/** CloudWatch's log groups of the application's environments, of now and before. The slash matters: `shop` is not `shop-2`. */
export async function findLogGroups({ cloud, signal, live, past }: View): Promise<Found> {
  const names = [...new Set([...live, ...past].map(({ name }) => name))]
  const found = await Promise.all(
    names.map(async (environment) => {
      const groups = await cloud.logGroups.list(`/aws/elasticbeanstalk/${environment}/`, signal)
      return groups.map((name) => ({ kind: 'log-group' as const, name, environment }))
    }),
  )
  return { items: found.flat() }
}
