import type { Context } from '../context.ts'
import { numberOf, valueOf } from '../options/settings.ts'
import type { Environment } from '../state/model.ts'

/** What an instance of the Docker platform streams, by its path on the instance (facts sheet §1.8). */
const streamed = [
  'var/log/eb-engine.log',
  'var/log/eb-hooks.log',
  'var/log/nginx/access.log',
  'var/log/nginx/error.log',
  'var/log/eb-docker/containers/eb-current-app/stdouterr.log',
]

const logs = 'aws:elasticbeanstalk:cloudwatch:logs'
const health = `${logs}:health`

const groupsIn = ({ name }: Environment) => streamed.map((path) => `/aws/elasticbeanstalk/${name}/${path}`)
const healthGroup = ({ name }: Environment) => `/aws/elasticbeanstalk/${name}/environment-health.log`

const isOn = ({ settings }: Environment, namespace: string, option: string) =>
  valueOf(settings, namespace, option).toLowerCase() === 'true'

/** Makes the log groups that the environment's settings ask for, or gives those that are there the retention that they say. */
export async function ensureLogGroups(
  { ground: { logGroups }, clock }: Pick<Context, 'ground' | 'clock'>,
  environment: Environment,
): Promise<void> {
  const days = (namespace: string) => numberOf(environment.settings, namespace, 'RetentionInDays')
  if (isOn(environment, logs, 'StreamLogs'))
    await logGroups.ensure(groupsIn(environment), days(logs), clock.now())
  if (isOn(environment, health, 'HealthStreamingEnabled'))
    await logGroups.ensure([healthGroup(environment)], days(health), clock.now())
}

/** Those that go with the environment; without `DeleteOnTerminate` they stay. */
export async function removeLogGroups(
  { ground: { logGroups } }: Pick<Context, 'ground'>,
  environment: Environment,
): Promise<void> {
  if (isOn(environment, logs, 'DeleteOnTerminate')) await logGroups.remove(groupsIn(environment))
  if (isOn(environment, health, 'DeleteOnTerminate')) await logGroups.remove([healthGroup(environment)])
}
