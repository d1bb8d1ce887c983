import type { LucreeError } from '../errors.ts'

/** Commands that go to a cloud; a hint may have other words behind lucree's name. */
export const CLOUD_COMMANDS: readonly string[] = [
  ...['abort', 'console', 'deploy', 'destroy', 'doctor', 'env get', 'env list', 'env set', 'env unset'],
  ...['events', 'health', 'lock', 'logs', 'open', 'releases', 'rollback', 'status', 'unlock', 'unstick'],
]
/** One of them, wherever in a hint it stands. */
const COMMAND = new RegExp(`(?<=^|[\\s|:(])lucree (${CLOUD_COMMANDS.join('|')})(?=$|[\\s;,)])`, 'g')

/** Makes the commands of an error's hints go where the failed one went, so that copying one is enough. */
export function addressHints(error: LucreeError, commandLine: (command: string) => string): void {
  for (const [at, hint] of error.hints.entries()) error.hints[at] = addressed(hint, commandLine)
  if (error.more) error.more.logs = addressed(error.more.logs, commandLine)
}

/** One hint with its commands of lucree going where the failed one went. */
export function addressed(hint: string, commandLine: (command: string) => string): string {
  if (hint.includes('--local')) return hint
  return hint.replace(COMMAND, (_whole, command: string) => commandLine(command))
}
