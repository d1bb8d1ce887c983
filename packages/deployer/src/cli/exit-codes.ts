import type { ExitCode } from '../errors.ts'

/** What each exit code of every command means (DESIGN.md §4): the one table, from which the help texts' section is made. */
export const exitCodes: Readonly<Record<0 | ExitCode, string>> = {
  0: 'done, or nothing to do',
  1: 'a bug in lucree',
  2: 'usage or project file',
  3: 'credentials or permission',
  4: "the source can't be bundled, or a preflight check refused",
  5: 'AWS refused or could not be reached',
  6: 'the deploy failed; the previous release is serving again',
  7: 'the deploy failed and was not recovered',
  8: 'still in progress at the time limit',
  9: 'another deploy holds the lock',
  130: 'interrupted',
}

/** The table as rows for a help text, in rising order. */
export function exitCodeRows(): [code: string, meaning: string][] {
  return Object.entries(exitCodes)
}
