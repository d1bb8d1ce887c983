import type { LucreeError } from '../errors.ts'

/** A command of lucree's on a cloud, wherever in a hint it stands. */
const COMMAND = /(?<=^|[\s|:(])lucree ((?:env )?[a-z]+)(?=$|[\s;,)])/g
/** Commands that know no destination. */
const EVERYWHERE = /^(local|init|help|env)$/

/** Makes the commands of an error's hints go where the failed one went, so that copying one is enough. */
export function addressHints(error: LucreeError, commandLine: (command: string) => string): void {
  for (const [at, hint] of error.hints.entries()) error.hints[at] = addressed(hint, commandLine)
  if (error.more) error.more.logs = addressed(error.more.logs, commandLine)
}

/** One hint with its commands of lucree going where the failed one went. */
export function addressed(hint: string, commandLine: (command: string) => string): string {
  if (hint.includes('--local')) return hint
  return hint.replace(COMMAND, (whole, command: string) =>
    EVERYWHERE.test(command) ? whole : commandLine(command),
  )
}
