import type { Clues, Match } from '../clues.ts'
import { EVIDENCE_LINES } from '../evidence.ts'

/** Frames of stack traces and what a runtime prints around an error: no part of what went wrong. */
const FRAME =
  /^\s+at .|^\s+\^+\s*$|^\s*[\]}{[]+[,;]?\s*$|^Node\.js v\d|^(?:node|file):\S+:\d+$|^\s+throw \w+;?$|^\s+(?:requireStack|errno|syscall|code): |^Emitted 'error' event/
/** A frame of the application's own code. */
const OWN_FRAME = /^\s+at (?!.*(?:node:|node_modules|<anonymous>)).*:\d+/
/** What an application says when something went wrong, and the names of the system's errors. */
const TELLING =
  /(?<!\b(?:0|no|without) )\b(?:\w*error|\w*exception|fatal|panic|unhandled|uncaught|traceback|segmentation fault)\b/i
const SYSTEM_ERROR = /\bE(?:[A-Z]{5,}|PERM|PIPE|EXIST)\b/

/** Its last words around the line that told. */
export function showOutput(clues: Clues, { line }: Match): string[] {
  return outputOf(clues, line)
}

/**
 * Of what the application printed, at most `most` lines: the one that told, errors with the first line of their stack, then its last words, all in
 * their order and with a mark where lines are left out. Other stack frames are no words.
 */
export function outputOf(clues: Clues, told?: string, most = mostOf(clues)): string[] {
  const all = clues.lines('output')
  const frames = stackTops(all)
  const words = all.filter((line, at) => !FRAME.test(line) || line === told || frames.has(at))
  return choose(words.length > 0 ? words : all, told, most)
}

/** Output whose release nobody knows needs a line that says so. */
function mostOf({ outputDoubtful }: Clues): number {
  return outputDoubtful ? EVIDENCE_LINES - 1 : EVIDENCE_LINES
}

/** Of each error's stack the first line that is the application's own. */
function stackTops(lines: string[]): Set<number> {
  const tops = new Set<number>()
  let wanted = false
  for (const [at, line] of lines.entries()) {
    if (!FRAME.test(line)) wanted = tells(line)
    else if (wanted && OWN_FRAME.test(line)) {
      tops.add(at)
      wanted = false
    }
  }
  return tops
}

function choose(lines: string[], told: string | undefined, most: number): string[] {
  if (lines.length <= most) return lines
  const chosen = new Set<number>()
  const take = (at: number, limit: number) => {
    if (!(at in lines) || chosen.has(at)) return
    chosen.add(at)
    if (shown(lines, chosen).length > limit) chosen.delete(at)
  }
  const errors = lines.flatMap((line, at) => (tells(line) ? [at] : []))
  const first = told === undefined ? errors.slice(0, 1) : [lines.lastIndexOf(told)]
  const half = Math.ceil(most / 2)
  for (const at of [...first, ...errors.toReversed()]) {
    take(at, half)
    if (chosen.has(at) && FRAME.test(lines[at + 1] ?? '')) take(at + 1, half)
  }
  for (let at = lines.length - 1; at >= 0; at -= 1) take(at, most)
  return shown(lines, chosen)
}

/** The chosen lines; a mark stands where more than one is left out between them. */
function shown(lines: string[], chosen: Set<number>): string[] {
  let before: number | undefined
  const text: string[] = []
  for (const at of [...chosen].sort((one, other) => one - other)) {
    const gap = before === undefined ? 0 : at - before - 1
    if (gap === 1) text.push(lines[at - 1] ?? '')
    if (gap > 1) text.push(`… ${gap} lines left out`)
    text.push(lines[at] ?? '')
    before = at
  }
  return text
}

function tells(line: string): boolean {
  return TELLING.test(line) || SYSTEM_ERROR.test(line)
}

/** Says that lines are left out, and is none itself. */
export function isMark(line: string): boolean {
  return /^… \d+ lines left out$/.test(line)
}
