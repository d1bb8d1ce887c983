import type { Staying } from '../account/inventory/item.ts'
import type { Scope } from '../account/inventory/scope.ts'
import { type ExitCode, Interrupted, LucreeError, PermissionError, TimedOut } from '../errors.ts'
import type { DestroyResult } from './destroy.ts'

/** Lines of evidence at most. */
const MOST_LINES = 12

/** Something is left: exactly what and why. `errors` are what it was refused with. */
export function notAllRemoved(
  result: Pick<DestroyResult, 'application' | 'removed' | 'kept' | 'left'>,
  { errors, hints, scope }: { errors: LucreeError[]; hints: string[]; scope: Scope },
): LucreeError {
  const { application, left } = result
  return new LucreeError(`${left.length} of ${application} ${left.length === 1 ? 'is' : 'are'} left`, {
    code: 'LUC-DESTROY-LEFT',
    exitCode: exitCodeFor(errors),
    why: errors[0] ? 'not everything could be removed' : 'the second inventory still found it',
    evidence: linesOf(left),
    hints: [...hints.slice(0, 4), again(scope, errors)],
    document: { ...result },
  })
}

/** Ctrl-C: what is left by then. */
export function interruptedRemoval(
  result: Pick<DestroyResult, 'application' | 'removed' | 'kept' | 'left'>,
  scope: Scope,
  reason: Interrupted,
): Interrupted {
  const { application, removed, left } = result
  return new Interrupted(reason.message, {
    why: `${removed.length} removed, ${left.length} of ${application} left`,
    evidence: linesOf(left),
    hints: [again(scope)],
    document: { ...result },
  })
}

/** Missing rights first: without them every further attempt ends in the same way. */
function exitCodeFor(errors: LucreeError[]): ExitCode {
  if (errors.some((error) => error instanceof PermissionError)) return 3
  return errors.some((error) => error instanceof TimedOut) ? 8 : 5
}

/** The same command once more: without its --keep-versions it would take more away than was asked. */
function again({ keepVersions }: Scope, errors: LucreeError[] = []): string {
  const command = `lucree destroy${keepVersions ? ' --keep-versions' : ''}`
  const late = errors.some((error) => error instanceof TimedOut)
  return late ? `${command} --timeout 40m   # carries on` : `${command}   # goes on where this ended`
}

function linesOf(left: Staying[]): string[] {
  const lines = left.map(({ kind, name, why }) => `${kind} ${name}: ${why}`)
  return lines.length <= MOST_LINES
    ? lines
    : [...lines.slice(0, MOST_LINES - 1), `and ${lines.length - MOST_LINES + 1} more`]
}
