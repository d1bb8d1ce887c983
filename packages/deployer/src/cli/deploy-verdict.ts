import type { DeployResult } from '../deploy/result.ts'
import { LucreeError } from '../errors.ts'

/** Passes an outcome on that is a success, and throws the others with their exit code and all that the document should say. */
export function verdict(result: DeployResult, again: string | undefined): DeployResult {
  switch (result.outcome) {
    case 'deployed':
    case 'unchanged':
    case 'planned':
    case 'started':
      return result
    case 'failed': {
      const { diagnosis, serving, claim, recovery, ...document } = result
      throw new LucreeError(`${result.environment} ${claim}`, {
        code: diagnosis.code,
        exitCode: 7,
        why: diagnosis.cause,
        evidence: diagnosis.evidence,
        serving,
        hints: [...diagnosis.next, ...recovery],
        document,
      })
    }
    case 'timed-out': {
      const { waitedFor, serving, ...document } = result
      throw new LucreeError(`${result.environment} was not done at the time limit`, {
        code: 'LUC-DEPLOY-TIMEOUT',
        exitCode: 8,
        why: waitedFor,
        serving,
        hints: [
          'lucree status',
          'lucree events -f',
          ...(again ? [`${again} --timeout 40m   # carries on`] : []),
        ],
        document,
      })
    }
    default:
      return result satisfies never
  }
}
