import { type Finding, LOGS, type Rule, deployOnce } from '../rule.ts'
import { outputOf } from './output.ts'

/** Exit codes by convention of shells, Docker and sysexits.h; those with a rule of their own (126, 127, 137) come here without other words. */
const MEANING: Record<number, string> = {
  0: 'it ended by itself with exit code 0, as a command does that has nothing more to do; a server stays in the foreground',
  1: 'it ended with exit code 1, an error of its own',
  2: 'it ended with exit code 2: a wrong use of its command, or an error of its own',
  78: 'it ended with exit code 78: it says that its configuration is wrong',
  126: 'it ended with exit code 126: its command may not be executed',
  127: 'it ended with exit code 127: its command doesn’t exist in the image',
  132: 'it ended with exit code 132: the processor doesn’t know one of its instructions',
  134: 'it ended with exit code 134: it aborted itself',
  137: 'it ended with exit code 137: it was killed, mostly for want of memory',
  139: 'it ended with exit code 139: it crashed (segmentation fault)',
  143: 'it ended with exit code 143: something asked it to stop (SIGTERM)',
}

/** The container ended, and its last words tell no rule why. */
export const CONTAINER_ENDED: Rule = {
  name: 'the container ended',
  code: 'LUC-DEPLOY-CONTAINER-ENDED',
  source: 'facts §3.4 G, §6.1 row 4; peers §4, 9 (exit codes)',
  find: (clues) => {
    const { end } = clues
    if (!end) return undefined
    const words = outputOf(clues)
    return {
      cause: causeOf(end.exitCode, words.length > 0 || clues.outputUnknown),
      confidence: 'certain',
      evidence: words.length > 0 ? words : clues.all(/ended|exit|die/i, ['docker', 'engine', 'event']),
      next: nextOf(end.exitCode),
    }
  },
}

/** The container is gone for all that is known, and the application left words of an error. */
export const CRASHED_LATER: Rule = {
  name: 'the application fails after its start',
  code: 'LUC-DEPLOY-CONTAINER-ENDED',
  source: 'facts §1.5 (a 502 after a successful deploy); texts of Node, Python, Go, Ruby and Java',
  find: (clues): Finding | undefined =>
    clues.find(
      /^(?:Uncaught |Unhandled)|Traceback \(most recent call last\)|^panic: |Exception in thread|node:internal\/|throw new |\bFATAL\b|Segmentation fault/,
      'output',
    )
      ? {
          cause: 'The application fails after its start, so nothing answers',
          confidence: 'likely',
          evidence: outputOf(clues),
          next: [LOGS, deployOnce('it starts without that error')],
        }
      : undefined,
}

function causeOf(exitCode: number | undefined, spoke: boolean): string {
  const silence = spoke ? '' : ', and left no word'
  if (exitCode === undefined) return `The application ended right after it was started${silence}`
  const signal = exitCode > 128 && exitCode < 160 ? ` (signal ${exitCode - 128})` : ''
  return `The application ended right after it was started: ${MEANING[exitCode] ?? `it ended with exit code ${exitCode}${signal}`}${silence}`
}

function nextOf(exitCode: number | undefined): string[] {
  const variables = 'lucree env list   # is a variable missing?'
  switch (exitCode) {
    case 0:
      return [deployOnce('CMD starts a server that stays in the foreground: CMD ["node", "server.js"]'), LOGS]
    case 78:
      return [variables, LOGS]
    case 126:
    case 127:
      return [deployOnce('CMD or ENTRYPOINT names a program of the image'), LOGS]
    case 132:
      return ['lucree deploy   # once "instanceType" in lucree.json has a newer processor', LOGS]
    case 137:
      return ['lucree deploy   # once "instanceType" in lucree.json is a larger one', LOGS]
    case 143:
      return [EVENTS_FIRST, LOGS]
    default:
      return [LOGS, variables]
  }
}

const EVENTS_FIRST = 'lucree events   # what was done to the environment at that time'
