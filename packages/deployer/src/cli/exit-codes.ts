import type { ExitCode } from '../errors.ts'

/** An exit code for those who meet it: what it means, and what to do then. */
interface Meaning {
  means: string
  next: string
}

/** The exit codes of every command (DESIGN.md §4): the one table, from which the help texts' section and docs/exit-codes.md are made. */
export const exitCodes: Readonly<Record<0 | ExitCode, Meaning>> = {
  0: { means: 'done, or nothing to do', next: 'nothing' },
  1: {
    means: 'a bug in lucree',
    next: 'report it with the file that the message names; `lucree status` tells how the environment stands',
  },
  2: {
    means: 'usage or project file',
    next: 'mend the command line or `lucree.json` as the message says',
  },
  3: {
    means: 'credentials or permission',
    next: 'log in, or have the right given that the message names (`lucree doctor --policy` prints them all); then the same command again',
  },
  4: {
    means: "the source can't be bundled, or a preflight check refused",
    next: 'mend what the message names; `lucree doctor` checks all of it at once',
  },
  5: {
    means: 'AWS refused or could not be reached',
    next: 'do what the message says; otherwise the same command again, a little later',
  },
  6: {
    means: 'the deploy failed; the previous release is serving again',
    next: 'mend the cause that the message names, then deploy; nothing is urgent',
  },
  7: {
    means: 'the deploy failed and was not recovered',
    next: 'the commands that the message names: `lucree logs` shows the cause, `lucree rollback` or `lucree unstick` leads back. A first deploy has removed its environment (unless `--keep-failed`), so there is nothing to look at or to lead back: mend the cause, then `lucree deploy`',
  },
  8: {
    means: 'still in progress at the time limit, or AWS gave no answer in time',
    next: 'the same command again, as the message spells it, waits for it and carries on; `lucree events -f` watches it',
  },
  9: {
    means: 'the environment is locked, or its lock was lost',
    next: 'the message names who holds it. Another command: the same with `--lock-wait 10m`, or later. Locked by hand: that is not waited for, `lucree unlock` ends it. Not readable: `lucree unlock --force` replaces it. Lost: nothing more was changed from here, `lucree status` tells how it stands',
  },
  130: {
    means: 'interrupted',
    next: '`lucree status` tells what was left; the same command again carries on',
  },
}

/** The table as rows for a help text, in rising order. */
export function exitCodeRows(): [code: string, meaning: string][] {
  return Object.entries(exitCodes).map(([code, { means }]) => [code, means])
}
