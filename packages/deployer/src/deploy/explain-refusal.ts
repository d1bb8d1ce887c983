import { diagnose } from '../diagnose/diagnose.ts'
import { evidenceOf } from '../diagnose/evidence.ts'
import { CloudError } from '../errors.ts'

/**
 * Runs a story; a call that AWS refuses for a reason that lucree knows is thrown with that reason and what to run next. AWS's own words become the
 * evidence. The code stays: it names the refusal, whatever caused it.
 */
export async function explainingRefusals<T>(story: () => Promise<T>): Promise<T> {
  try {
    return await story()
  } catch (error) {
    throw error instanceof CloudError && !error.transient && error.hints.length === 0
      ? explained(error)
      : error
  }
}

function explained(error: CloudError): CloudError {
  const { code, awsCode, transient, why, document, evidence } = error
  const said = why ?? error.message
  const diagnosis = diagnose(evidenceOf({ refusals: [said] }))
  if (diagnosis.confidence === 'unknown') return error
  return new CloudError(error.message, {
    ...{ code, awsCode, transient, document },
    why: diagnosis.cause,
    evidence: evidence.length > 0 ? evidence : diagnosis.evidence,
    hints: diagnosis.next,
    confidence: diagnosis.confidence,
    more: diagnosis.more,
    cause: error,
  })
}
