import { Interrupted, LucreeError, PlatformError, UsageError } from '../errors.ts'
import { nearest } from '../document/nearest.ts'

/** oclif's parse errors as far as lucree reads them; told by shape, because each command's bundle may hold its own copy of the classes. */
interface ParseFailure extends Error {
  oclif?: { exit?: number }
  parse?: { input?: { flags?: Record<string, unknown>; context?: { id?: string } } }
  flags?: unknown
}

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

/** Any thrown value as a failure for the user; undefined when it is a bug of lucree's. */
export function translateFailure(error: unknown, signal?: AbortSignal): LucreeError | undefined {
  if (signal?.aborted && signal.reason instanceof Interrupted) return asInterruption(error, signal.reason)
  if (error instanceof LucreeError) return error
  if (!(error instanceof Error)) return undefined
  if (leftPrompts.includes(error.name)) return new Interrupted(undefined, { cause: error })
  return translateParseFailure(error) ?? translateMachineError(error)
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

function translateParseFailure(error: ParseFailure): UsageError | undefined {
  if (error.oclif === undefined) return undefined
  const message = (error.message.split('\nSee more help')[0] ?? '').replace(/\s*\n\s*/g, ' ').trim()
  const near = nearestFlags(error)
  return new UsageError(message, {
    code: 'LUC-USAGE',
    ...(near.length > 0 ? { why: `did you mean ${near.join(', ')}?` } : {}),
    hints: [`lucree ${error.parse?.input?.context?.id?.replaceAll(':', ' ') ?? '<command>'} --help`],
    cause: error,
  })
}

/** For each flag that doesn't exist the one that was probably meant: `--enviroment` → `--environment`. */
function nearestFlags(error: ParseFailure): string[] {
  if (!Array.isArray(error.flags)) return []
  const known = Object.keys(error.parse?.input?.flags ?? {}).map((name) => `--${name}`)
  return error.flags.flatMap((flag) => nearest(String(flag).split('=')[0] ?? '', known) ?? [])
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
