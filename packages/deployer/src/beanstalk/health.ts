import type { Clock } from '../clock.ts'
import type { Beanstalk, EnvironmentDescription, InstanceDescription } from './ports.ts'
import { EnvironmentStatus } from './environment-status.ts'
import { CloudError } from '../errors.ts'

/** What the application said when it was asked. */
export interface Answer {
  url: string
  /** HTTP status; undefined when no answer came. */
  status: number | undefined
  /** Why no answer came. */
  problem: string | undefined
  /** The beginning of an answer that is an error: it may say more than the log. */
  body?: string | undefined
}

/** What was seen at one moment: all that a claim of success rests on. */
export interface Proof {
  /** Ready, with the version asked for, on every instance, and the application answers. */
  proven: boolean
  environment: EnvironmentDescription | undefined
  instances: InstanceDescription[]
  answer: Answer | undefined
  /** What is missing, in one clause; empty when proven. */
  missing: string
  /** More time won't help: an instance has failed, or the environment is gone. */
  final: boolean
  /** It had answered well, and then didn't any more. */
  stopped?: boolean
}

export interface Expected {
  application: string
  environment: string
  versionLabel: string
  healthCheck: string
  /** Deployments up to this number are from before the change: instances that still tell of one haven't told of the change yet. */
  afterDeployment?: number | undefined
}

/** Asks the application; at most this long, ms. */
const ANSWER_MS = 10_000

/** One look. */
export async function look(
  beanstalk: Beanstalk,
  expected: Expected,
  clock: Clock,
  signal: AbortSignal,
): Promise<Proof> {
  const [environment] = await beanstalk.describeEnvironments(expected, signal)
  if (!environment || EnvironmentStatus.of(environment).isGoing) {
    return {
      proven: false,
      environment,
      instances: [],
      answer: undefined,
      missing: 'the environment is gone',
      final: true,
    }
  }
  const instances = await instancesOf(beanstalk, expected.environment, signal)
  const answer = environment.cname
    ? await ask(urlOf(environment.cname), expected.healthCheck, clock, signal)
    : undefined
  const seen = { environment, instances, answer }
  const failed = instances.find(
    (instance) => instance.deploymentStatus === 'failed' && !isOld(instance, expected),
  )
  if (failed) {
    const missing = `the deployment failed on instance ${failed.id}`
    return { ...seen, proven: false, missing, final: true }
  }
  const missing = whatIsMissing(seen, expected)
  return { ...seen, proven: missing === '', missing, final: false }
}

function whatIsMissing(
  seen: Pick<Proof, 'environment' | 'instances' | 'answer'>,
  expected: Expected,
): string {
  const { environment, instances, answer } = seen
  if (environment?.status !== 'Ready') return `the environment is ${environment?.status ?? 'gone'}, not Ready`
  if (environment.versionLabel !== expected.versionLabel)
    return `its version is ${environment.versionLabel ?? 'none'}`
  if (instances.length === 0) return 'it has no instance yet'
  const other = instances.find(({ version }) => version !== expected.versionLabel)
  if (other) return `instance ${other.id} runs ${other.version ?? 'no version'}`
  const pending = instances.find(
    (instance) => instance.deploymentStatus !== 'deployed' || isOld(instance, expected),
  )
  if (pending) return `instance ${pending.id} is still deploying`
  if (answer === undefined) return 'it has no address yet'
  if (answer.status === undefined)
    return `${answer.url} does not answer: ${answer.problem ?? 'no reason given'}`
  return isGood(answer, expected.healthCheck) ? '' : `${answer.url} answers ${answer.status}`
}

function isOld({ deploymentId }: InstanceDescription, { afterDeployment }: Expected): boolean {
  return deploymentId !== undefined && afterDeployment !== undefined && deploymentId <= afterDeployment
}

/** The newest deployment that any instance tells of. */
export function lastDeployment(instances: InstanceDescription[]): number | undefined {
  const ids = instances.flatMap(({ deploymentId }) => (deploymentId === undefined ? [] : [deploymentId]))
  return ids.length > 0 ? Math.max(...ids) : undefined
}

/**
 * Whether the application answered well. 2xx and 3xx are well. So is a refusal at `/`, where a guarded application may ask for a token; not on a path
 * that was named for health.
 */
export function isGood(answer: Answer | undefined, healthCheck: string): boolean {
  const status = answer?.status
  if (status === undefined) return false
  if (status >= 200 && status < 400) return true
  return healthCheck === '/' && status >= 400 && status < 500
}

/** Instances with the version that each runs; empty while the service doesn't know any. */
async function instancesOf(beanstalk: Beanstalk, environment: string, signal: AbortSignal) {
  try {
    return await beanstalk.describeInstances(environment, signal)
  } catch (error) {
    // Enhanced health isn't there yet, or the environment has only basic health.
    if (error instanceof CloudError && /^InvalidRequest/.test(error.awsCode ?? '')) return []
    throw error
  }
}

export function urlOf(cname: string): string {
  return `http://${cname}/`
}

/** Asks the application for its health-check path. Never throws but on abort: no answer is an answer too. */
export async function ask(base: string, path: string, clock: Clock, signal: AbortSignal): Promise<Answer> {
  const url = new URL(path, base).href
  const enough = new AbortController()
  const stop = () => enough.abort()
  signal.addEventListener('abort', stop, { once: true })
  const overtime = clock.sleep(ANSWER_MS, enough.signal).then(stop, () => undefined)
  try {
    const answer = await fetch(url, {
      redirect: 'manual',
      signal: enough.signal,
      headers: { connection: 'close' },
    })
    const body = answer.status >= 400 ? await beginning(answer) : undefined
    await answer.body?.cancel()
    return { url, status: answer.status, problem: undefined, ...(body ? { body } : {}) }
  } catch (error) {
    signal.throwIfAborted()
    return {
      url,
      status: undefined,
      problem: enough.signal.aborted ? `no answer in ${ANSWER_MS / 1000} s` : reason(error),
    }
  } finally {
    signal.removeEventListener('abort', stop)
    stop()
    await overtime
  }
}

/** At most this much of an error's body is read, bytes. */
const BODY_BYTES = 2_000

/** The first bytes of a body as text, undefined when there are none; the rest is left unread. */
async function beginning({ body }: Response): Promise<string | undefined> {
  const chunks: Uint8Array[] = []
  let bytes = 0
  for await (const chunk of body?.values({ preventCancel: true }) ?? []) {
    chunks.push(chunk as Uint8Array)
    bytes += (chunk as Uint8Array).byteLength
    if (bytes >= BODY_BYTES) break
  }
  return Buffer.concat(chunks).subarray(0, BODY_BYTES).toString('utf8') || undefined
}

function reason(error: unknown): string {
  const { cause, message } = error as { cause?: { code?: string; message?: string }; message: string }
  return cause?.code ?? cause?.message ?? message
}
