import { describeProbe } from '../deploy/probe.ts'
import type { DeployResult } from '../deploy/result.ts'
import type { Diagnosis } from '../diagnose/evidence.ts'
import { LucreeError } from '../errors.ts'

/** Passes an outcome on that is a success, and throws the others with their exit code and all that the document should say. */
export function verdict(result: DeployResult): DeployResult {
  switch (result.outcome) {
    case 'deployed':
    case 'unchanged':
    case 'planned':
    case 'started':
      return result
    case 'rolled-back': {
      const { diagnosis, serving, claim, ...document } = result
      throw new LucreeError(`${result.environment} ${claim}, and was rolled back`, {
        code: diagnosis.code,
        exitCode: 6,
        why: causeOf(diagnosis),
        evidence: diagnosis.evidence,
        serving: withProbe(serving, result),
        hints: diagnosis.next,
        confidence: diagnosis.confidence,
        more: diagnosis.more,
        document,
      })
    }
    case 'failed': {
      const { diagnosis, serving: seen, claim, recovery, ...document } = result
      const serving = withProbe(seen, result)
      throw new LucreeError(`${result.environment} ${claim}${undone(result)}`, {
        code: diagnosis.code,
        exitCode: 7,
        why: causeOf(diagnosis),
        evidence: diagnosis.evidence,
        serving,
        // Where nothing serves as it should, that comes before the cause.
        hints: isLeftBroken(result) ? [...recovery, ...diagnosis.next] : [...diagnosis.next, ...recovery],
        confidence: diagnosis.confidence,
        more: diagnosis.more,
        document,
      })
    }
    case 'timed-out': {
      const { waitedFor, diagnosis, serving, recovery, again, ...document } = result
      // What is only likely of a failure may be the ordinary noise of a start that isn't over.
      const known = diagnosis.confidence === 'certain' && diagnosis.code !== STILL_UNDER_WAY
      throw new LucreeError(`${result.environment} was not done at the time limit`, {
        code: 'LUC-DEPLOY-TIMEOUT',
        exitCode: 8,
        why: known ? `${waitedFor}: ${causeOf(diagnosis)}` : waitedFor,
        evidence: diagnosis.evidence,
        serving,
        confidence: known ? 'certain' : 'unknown',
        more: known ? diagnosis.more : { ...diagnosis.more, doc: 'docs/errors.md#luc-deploy-timeout' },
        hints: [
          ...(known ? diagnosis.next.slice(0, 1) : []),
          'lucree status',
          'lucree events -f',
          `${again.command} --timeout 40m   # ${again.does}`,
          ...recovery,
        ],
        document,
      })
    }
    default:
      return result satisfies never
  }
}

/** What became of the recovery, where one was tried in vain. */
function undone({ aftermath, steps }: Extract<DeployResult, { outcome: 'failed' }>): string {
  if (!aftermath) return ''
  if (aftermath.removed) return ', and its environment was removed'
  if (!aftermath.tried) return `, and was not rolled back (${aftermath.why})`
  return `, and ${makesEnvironment(steps) ? 'its environment could not be removed' : 'what was before could not be brought back'} (${aftermath.why})`
}

/** What was before could not be brought back. */
function isLeftBroken({ aftermath, steps }: Extract<DeployResult, { outcome: 'failed' }>): boolean {
  return aftermath !== undefined && !aftermath.removed && aftermath.tried && !makesEnvironment(steps)
}

function makesEnvironment(steps: DeployResult['steps']): boolean {
  return steps.some(({ name }) => name.startsWith('create environment'))
}

function withProbe(serving: string, { probe }: DeployResult): string {
  return probe ? `${serving}; meanwhile ${describeProbe(probe)}` : serving
}

/** What diagnose/ answers for a change that has simply not ended: no more than `waitedFor` says. */
const STILL_UNDER_WAY = 'LUC-DEPLOY-STILL-UNDER-WAY'

/** A cause that was read out of the application's own words is said as what it is. */
function causeOf({ cause, confidence }: Diagnosis): string {
  return confidence === 'likely' ? `probably, ${cause.replace(/^(The|An?|No|Two) /, lowerCase)}` : cause
}

function lowerCase(text: string): string {
  return text.toLowerCase()
}
