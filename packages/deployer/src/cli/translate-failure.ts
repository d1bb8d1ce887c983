import { Interrupted, LucreeError, PlatformError } from '../errors.ts'
import { translateParseFailure } from './parse-failure.ts'

/** Errors of the machine that are no bug of lucree's, by Node's code. */
const machineErrors: Record<string, string> = {
  ENOSPC: 'no space is left on the device',
  EDQUOT: 'the disk quota is used up',
  EROFS: 'the file system is read-only',
  EACCES: 'permission is denied',
  EPERM: 'the operation is not permitted',
  EMFILE: 'too many files are open',
  ENFILE: 'too many files are open',
}

/** What a question throws when Ctrl-C answers it. */
const leftPrompts = ['ExitPromptError', 'AbortPromptError', 'CancelPromptError']

/** Any thrown value as a failure for the user; undefined when it is a bug of lucree's. `commandId` is the command that runs, as oclif spells it. */
export function translateFailure(
  error: unknown,
  signal?: AbortSignal,
  commandId?: string,
): LucreeError | undefined {
  if (signal?.aborted && signal.reason instanceof Interrupted) return asInterruption(error, signal.reason)
  if (!(error instanceof Error)) return undefined
  if (leftPrompts.includes(error.name)) return new Interrupted(undefined, { cause: error })
  return translateParseFailure(error, commandId) ?? translateMachineError(error)
}

/** After Ctrl-C every error is its consequence; an error that tells what is serving is kept. */
function asInterruption(error: unknown, reason: Interrupted): Interrupted {
  if (error instanceof Interrupted) return error
  if (!(error instanceof LucreeError)) return reason
  const { serving, hints, evidence, document } = error
  return new Interrupted(reason.message, {
    hints,
    evidence,
    document,
    cause: error,
    ...(serving ? { serving } : {}),
  })
}

function translateMachineError(error: NodeJS.ErrnoException): PlatformError | undefined {
  const why = error.syscall === undefined ? undefined : machineErrors[error.code ?? '']
  if (why === undefined) return undefined
  return new PlatformError(`This machine refused to ${error.syscall}${error.path ? ` ${error.path}` : ''}`, {
    code: `LUC-MACHINE-${error.code}`,
    why,
    cause: error,
  })
}
