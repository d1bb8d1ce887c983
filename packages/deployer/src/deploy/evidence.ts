import type { EnvironmentChange } from '../beanstalk/events.ts'
import type { Answer } from '../beanstalk/health.ts'
import { tailLogs } from '../beanstalk/logs.ts'
import { type OptionSetting, PROPERTIES } from '../beanstalk/option-settings.ts'
import type { BeanstalkEvent, EnvironmentDescription, InstanceDescription } from '../beanstalk/ports.ts'
import { isSecretName } from '../config/secret-name.ts'
import { Sensitive } from '../config/sensitive.ts'
import type { DeployTarget } from '../config/target.ts'
import { type Evidence, evidenceOf } from '../diagnose/evidence.ts'
import { LucreeError, Interrupted } from '../errors.ts'
import { type Tools, waiting } from './tools.ts'

/** Logs of a failed deploy are waited for at most this long, ms: the failure is already known, they only explain it. */
const LOGS_MS = 60_000
/** Every other question has this long, ms. */
const QUESTION_MS = 15_000

/** What is known of a change by the time that its failure has to be explained. */
export interface Explained {
  target: Pick<DeployTarget, 'application' | 'environment' | 'variables'>
  change: Pick<EnvironmentChange, 'requestId' | 'startedAt'>
  events: BeanstalkEvent[]
  environment: EnvironmentDescription | undefined
  /** Undefined when nobody has asked yet. */
  instances: InstanceDescription[] | undefined
  answer: Answer | undefined
  port: number | undefined
  image?: string | undefined
}

/**
 * Gathers what a failed change left behind, before anything is removed. All at the same time, each for itself and only for so long: what can't be
 * had is said in `withheld` and hides nothing of the rest.
 */
export async function gatherEvidence(of: Explained, tools: Tools): Promise<Evidence> {
  const { environment, events, answer, port, image } = of
  const known = { events, port, answer, image: { from: image }, since: beginningOf(of) }
  if (!environment) return evidenceOf(known)
  const { application, environment: name } = of.target
  const { beanstalk, scaling, loadBalancing } = tools.cloud
  const withheld: string[] = []
  const ask = <T>(what: string, question: (signal: AbortSignal) => Promise<T>) =>
    unlessRefused(tools, what, withheld, question)
  const [made, instances] = await Promise.all([
    ask('resources of the environment', (signal) => beanstalk.describeResources(name, signal)),
    of.instances ?? ask('health of the instances', (signal) => beanstalk.describeInstances(name, signal)),
  ])
  const each =
    <T>(names: string[] | undefined, look: (name: string, signal: AbortSignal) => Promise<T[]>) =>
    async (signal: AbortSignal) =>
      (await Promise.all((names ?? []).map((one) => look(one, signal)))).flat()
  const deliver = Math.max(instances?.length ?? 0, made?.instances.length ?? 0)
  const [logs, health, settings, activities, targets] = await Promise.all([
    ask('logs', (signal) => logsOf(name, deliver, { ...tools, signal })),
    ask('health', (signal) => beanstalk.describeHealth(name, signal)),
    ask('settings', (signal) => beanstalk.describeSettings(application, name, signal)),
    ask(
      'scaling activities',
      each(made?.scalingGroups, (group, signal) => scaling.describeActivities(group, signal)),
    ),
    ask(
      'health of the targets',
      each(made?.loadBalancers.filter(isArn), (balancer, signal) =>
        loadBalancing.describeTargetHealth(balancer, signal),
      ),
    ),
  ])
  return evidenceOf({
    ...known,
    environment,
    logs: logs ?? [],
    fleet: fleetOf(instances, made?.instances),
    healthCauses: [...(health?.causes ?? []), ...(instances ?? []).flatMap(({ causes }) => causes)],
    activities: activities ?? [],
    targets: targets ?? [],
    instance: await instanceOf(settings ?? [], tools),
    ...valuesOf(settings ?? [], of.target),
    withheld,
  })
}

/** Each instance that health or the resources name; undefined unless one of them was told. */
function fleetOf(
  instances: InstanceDescription[] | undefined,
  made: string[] | undefined,
): Evidence['fleet'] {
  const seen = (instances ?? []).map(({ id, launchedAt, version, deploymentStatus }) => ({
    ...{ id, launchedAt, version, deploymentStatus },
  }))
  // Of instances that were looked at in vain nothing is known; that there are none the resources tell.
  if (!made && seen.length === 0) return undefined
  const further = (made ?? []).filter((id) => seen.every((one) => one.id !== id))
  return [...seen, ...further.map((id) => ({ id }))]
}

/** A classic load balancer has a name only, and no target groups. */
function isArn(name: string): boolean {
  return name.startsWith('arn:')
}

/**
 * When the operation began, by the service's clock: its first event tells. `startedAt` may be the time of the last event before it, hours ago.
 */
function beginningOf({ change, events }: Explained): Date {
  const own = events.find(({ requestId }) => change.requestId !== '' && requestId === change.requestId)
  return own && own.at > change.startedAt ? own.at : change.startedAt
}

/** The ends of the logs; none are waited for where there is no instance to deliver them. */
function logsOf(environment: string, instances: number, tools: Tools): Promise<Evidence['logs']> {
  const { cloud, clock } = tools
  // Past the deadline of the deploy there is still this one minute, or a time-out would never show its cause.
  const within = waiting({ ...tools, deadline: clock.now() + LOGS_MS })
  return instances === 0 ? Promise.resolve([]) : tailLogs(cloud.beanstalk, environment, instances, within)
}

/** Type and memory of the instances, as far as settings and EC2 tell: an explanation is worth no failure of its own. */
async function instanceOf(settings: OptionSetting[], tools: Tools): Promise<Evidence['instance']> {
  const option = settings.find(({ name }) => name === 'InstanceTypes' || name === 'InstanceType')
  const type = option?.value.split(',')[0]?.trim()
  if (!type) return {}
  const found = await unlessRefused(tools, 'instance type', [], (signal) =>
    tools.cloud.network.describeInstanceTypes({ names: [type] }, signal),
  )
  return { type, memoryMiB: found?.[0]?.memoryMiB, architecture: found?.[0]?.architectures[0] }
}

/** Values of the environment: those that are secret by name or by the project file's word, and the others. Its own name hides nothing. */
function valuesOf(
  settings: OptionSetting[],
  { variables, application, environment }: Explained['target'],
): Pick<Evidence, 'secrets' | 'properties'> {
  const values = settings.filter(({ namespace }) => namespace === PROPERTIES)
  const declared = values.filter(({ name }) => variables[name]?.secret)
  const named = values.filter(
    (one) => !declared.includes(one) && isSecretName(one.name) && !SWITCH.test(one.value),
  )
  const others = values.filter(
    (one) =>
      !declared.includes(one) && !named.includes(one) && ![application, environment].includes(one.value),
  )
  return {
    secrets: [...declared, ...named].map(({ value }) => new Sensitive(value)),
    // The terminal goes on printing them: one may be an ordinary word.
    properties: others.map(({ value }) => new Sensitive(value, { announce: false })),
  }
}

/** What no secret is, whatever its name: `TOKEN_HOURS=300` must not make holes in every line with a status. */
const SWITCH = /^(?:\d{1,3}|yes|no|on|off|true|false)$/i

/** Evidence that can't be had must not hide the failure that it would explain: it is noted and left out. */
async function unlessRefused<T>(
  { clock, signal }: Tools,
  what: string,
  withheld: string[],
  question: (signal: AbortSignal) => Promise<T>,
): Promise<T | undefined> {
  const enough = new AbortController()
  const limit = new AbortController()
  const most = what === 'logs' ? 2 * LOGS_MS : QUESTION_MS
  const overtime = clock.sleep(most, limit.signal).then(
    () => enough.abort(new OutOfTime()),
    () => undefined,
  )
  try {
    return await question(AbortSignal.any([signal, enough.signal]))
  } catch (error) {
    signal.throwIfAborted()
    if (error instanceof OutOfTime) withheld.push(`The ${what} did not come in ${most / 1000} s`)
    else if (error instanceof LucreeError && !(error instanceof Interrupted)) {
      withheld.push(`The ${what} could not be fetched: ${error.why ?? error.message}`)
    } else throw error
    return undefined
  } finally {
    limit.abort()
    await overtime
  }
}

/** A question took longer than its answer is worth. */
class OutOfTime extends Error {
  override readonly name = 'OutOfTime'
}
