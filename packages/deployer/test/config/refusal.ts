import type { LucreeError } from '../../src/errors.ts'

/** What a call was refused with; throws when it wasn't. */
export function refusal(call: () => unknown): LucreeError {
  try {
    call()
  } catch (error) {
    return error as LucreeError
  }
  throw new Error('was accepted')
}
