import type { DeployTarget } from '../config/target.ts'
import { Interrupted, LucreeError } from '../errors.ts'
import type { DeployOutcome } from './result.ts'
import { terminate } from './terminate.ts'
import { stage, type Tools } from './tools.ts'

type Failed = Extract<DeployOutcome, { outcome: 'failed' }>

/** A termination takes three minutes, behind a load balancer up to twelve (facts sheet §3.4, J); it has this long even when the deploy's time is over, ms. */
const PATIENCE_MS = 15 * 60_000
/** Commands that need the environment that is gone. */
const OF_ENVIRONMENT = /^lucree (abort|console|env (get|list|unset)|events|health|logs|open|status|unstick)\b/

/**
 * Terminates the environment of a first deploy that failed, whose evidence has been gathered: it would be billed and serve nobody (facts sheet §0, 7).
 * Roles, storage and version stay; they cost nothing and the next deploy uses them.
 */
export async function removeFailed(
  failed: Failed,
  { application, environment }: Pick<DeployTarget, 'application' | 'environment'>,
  tools: Tools,
): Promise<Failed> {
  const patient = { ...tools, deadline: Math.max(tools.deadline, tools.clock.now() + PATIENCE_MS) }
  const of = { application, environment }
  try {
    const [there] = await tools.cloud.beanstalk.describeEnvironments(of, tools.signal)
    if (there) {
      await stage(
        patient,
        'Remove failed environment',
        () => terminate(there, patient, () => undefined),
        () => 'nothing of it is billed any more',
      )
    }
  } catch (error) {
    if (!(error instanceof LucreeError)) throw error
    if (error instanceof Interrupted) throw interrupted(error, failed)
    const why = error.why ? `${error.message}: ${error.why}` : error.message
    return { ...failed, aftermath: { removed: false, tried: true, why } }
  }
  const { diagnosis } = failed
  return {
    ...failed,
    url: undefined,
    diagnosis: {
      ...diagnosis,
      next: nextWithout(diagnosis.next),
      more: { ...diagnosis.more, logs: 'lucree deploy --keep-failed' },
    },
    serving:
      'nothing: the environment was removed after its logs were read, and nothing is billed; roles, storage and version stay, which cost nothing',
    recovery: [
      'lucree deploy   # once that is mended; begins anew',
      'lucree deploy --keep-failed   # leaves the environment there to look at',
    ],
    aftermath: { removed: true },
  }
}

/** The commands that are left when the environment is gone; a variable that it lacked can only be given to the next one. */
export function nextWithout(next: string[]): string[] {
  return next.flatMap((command) => {
    const [, name] = /^lucree env set (\S+)/.exec(command) ?? []
    if (name === undefined) return OF_ENVIRONMENT.test(command) ? [] : [command]
    const required = `"${name}": { "required": true }`
    return [`lucree deploy   # once "env" in lucree.json has ${required}: it asks for the value`]
  })
}

function interrupted(error: Interrupted, { outcome: _failed, diagnosis, ...told }: Failed): Interrupted {
  return new Interrupted(`${error.message} while the failed ${told.environment} was being removed`, {
    why: `its deploy had failed: ${diagnosis.cause}`,
    evidence: diagnosis.evidence,
    hints: ['lucree destroy   # what is left of it is billed'],
    document: { ...told },
    cause: error,
  })
}
