import type { Proof } from '../../beanstalk/health.ts'
import type { BeanstalkEvent, EnvironmentDescription } from '../../beanstalk/ports.ts'
import type { DeployTarget } from '../../config/target.ts'
import { diagnose } from '../../diagnose/diagnose.ts'
import { type Diagnosis, type Evidence, evidenceOf } from '../../diagnose/evidence.ts'
import { BROKEN_STACK } from '../../diagnose/rules/platform.ts'
import { gatherEvidence } from '../evidence.ts'
import type { Tools } from '../tools.ts'
import type { SeenCause } from './sight.ts'

export interface Unexplained {
  target: DeployTarget
  environment: EnvironmentDescription
  /** Of the environment, oldest first. */
  events: BeanstalkEvent[]
  proof: Proof | undefined
}

/** The one cause of the last operation's end, or of its not ending; undefined when lucree knows none. */
export async function explain(of: Unexplained, tools: Tools): Promise<SeenCause | undefined> {
  const { target, environment, proof } = of
  const events = lastOperation(of.events)
  const evidence = await gatherEvidence(
    {
      ...{ target, environment, instances: proof?.instances, port: undefined, events },
      // An address with no instance behind it says nothing of the application.
      answer: proof?.instances.length === 0 ? undefined : proof?.answer,
      change: { requestId: events[0]?.requestId ?? '', startedAt: events[0]?.at ?? new Date(0) },
    },
    tools,
  )
  const found = diagnose(evidence)
  if (found.confidence !== 'unknown' && !SAYS_NOTHING.has(found.code)) return seen(found)
  return proof?.instances.length === 0 ? noInstance(evidence, found) : undefined
}

/** Diagnoses that only repeat what the state says. */
const SAYS_NOTHING = new Set([
  'LUC-DEPLOY-STILL-UNDER-WAY',
  'LUC-DEPLOY-STILL-GREY',
  'LUC-DEPLOY-MIXED-VERSIONS',
])

/**
 * The environment may serve as ever, and its last change came to nothing because its stack takes none: only an event tells that. What is done
 * about it is asked for, so that a text decides nothing by itself.
 */
export function brokenStack(events: BeanstalkEvent[]): SeenCause | undefined {
  const since = events.slice(events.findLastIndex(({ message }) => TAKES_CHANGES.test(message)) + 1)
  const found = diagnose(evidenceOf({ events: since.filter(({ severity }) => severity === 'ERROR') }))
  return found.rule === BROKEN_STACK ? seen(found) : undefined
}

/** Ends that need a stack which takes changes, and the beginning of another stack (facts sheet §3.3). */
const TAKES_CHANGES =
  /^(Environment update completed successfully|Successfully deployed new configuration|Successfully launched environment|rebuildEnvironment is starting)/

/** What Auto Scaling tells, which is nothing while it hasn't tried. */
function noInstance({ activities }: Evidence, { code, evidence }: Diagnosis): SeenCause {
  return {
    ...{ code, certain: false, observed: true as const, next: [], evidence },
    sentence:
      activities.length === 0
        ? 'No instance has come, and its Auto Scaling group tells of no attempt to launch one'
        : 'No instance has come',
  }
}

function seen({ code, cause, confidence, next, evidence }: Diagnosis): SeenCause {
  return { code, sentence: cause, certain: confidence === 'certain', next, evidence }
}

/** The events of the last change of its own: health transitions carry no request's id (facts sheet §3.2), and whoever asks for logs changes nothing. */
function lastOperation(events: BeanstalkEvent[]): BeanstalkEvent[] {
  const logs = new Set(events.flatMap(({ message, requestId }) => (ASKS_LOGS.test(message) ? requestId : [])))
  const requestId = events.findLast(
    (event) => event.requestId !== undefined && !logs.has(event.requestId),
  )?.requestId
  const first = events.findIndex((event) => event.requestId === requestId)
  return first < 0 ? events : events.slice(first)
}

/** What a request for logs says (facts sheet §3.2). */
const ASKS_LOGS = /(?:Pulled|Failed to pull) logs for environment|Successfully finished (?:tailing|bundling)/
