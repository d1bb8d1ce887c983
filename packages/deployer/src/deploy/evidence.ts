import type { Proof } from '../beanstalk/health.ts'
import { tailLogs } from '../beanstalk/logs.ts'
import type { BeanstalkEvent } from '../beanstalk/ports.ts'
import type { Evidence } from '../diagnose/evidence.ts'
import { LucreeError, Interrupted } from '../errors.ts'
import { type Tools, waiting } from './tools.ts'

/** Logs of a failed deploy are waited for at most this long, ms: the failure is already known, they only explain it. */
const LOGS_MS = 60_000

/** Gathers what a failed deploy left behind, before anything is removed. */
export async function gatherEvidence(
  of: { environment: string; events: BeanstalkEvent[]; proof: Proof; port: number | undefined },
  tools: Tools,
): Promise<Evidence> {
  const { proof, events, port, environment } = of
  return {
    events: events.map(({ severity, message }) => ({ severity, message })),
    logs: proof.environment ? await logsOf(environment, proof.instances.length, tools) : [],
    healthCauses: [
      ...(await environmentCauses(environment, tools)),
      ...proof.instances.flatMap(({ causes }) => causes),
    ],
    answer: proof.answer,
    port,
  }
}

async function logsOf(environment: string, instances: number, tools: Tools): Promise<Evidence['logs']> {
  const { cloud, clock } = tools
  // Past the deadline of the deploy there is still this one minute, or a time-out would never show its cause.
  const within = waiting({ ...tools, deadline: clock.now() + LOGS_MS })
  return (
    (await unlessRefused(tools, 'logs', () => tailLogs(cloud.beanstalk, environment, instances, within))) ??
    []
  )
}

async function environmentCauses(environment: string, tools: Tools): Promise<string[]> {
  const health = await unlessRefused(tools, 'health', () =>
    tools.cloud.beanstalk.describeHealth(environment, tools.signal),
  )
  return health?.causes ?? []
}

/** Evidence that can't be had must not hide the failure that it would explain: it is said and left out. */
async function unlessRefused<T>(tools: Tools, what: string, get: () => Promise<T>): Promise<T | undefined> {
  try {
    return await get()
  } catch (error) {
    if (!(error instanceof LucreeError) || error instanceof Interrupted) throw error
    tools.progress.emit({
      kind: 'warning',
      message: `The ${what} could not be fetched: ${error.why ?? error.message}`,
    })
    return undefined
  }
}
