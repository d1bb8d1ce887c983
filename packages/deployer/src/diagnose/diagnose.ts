import { Clues } from './clues.ts'
import { type Diagnosis, EVIDENCE_LINES, type Evidence } from './evidence.ts'
import { EVENTS, type Finding, LOGS, onlyWhen, type Rule } from './rule.ts'
import { ACCOUNT } from './rules/account.ts'
import { BUILD, BUNDLE, DISK_FULL } from './rules/build.ts'
import { CONTAINER_ENDED, CRASHED_LATER } from './rules/ended.ts'
import { HEALTH } from './rules/health.ts'
import { IMAGE } from './rules/image.ts'
import { ENVIRONMENT_FILE, UNPACKED } from './rules/instance-files.ts'
import { MISSING_USER } from './rules/missing-user.ts'
import { isMark, outputOf } from './rules/output.ts'
import { AFTERMATH, MIXED_VERSIONS, PLATFORM, UNENDED } from './rules/platform.ts'
import { LISTENING, NO_PORT, UNANSWERED } from './rules/port.ts'
import { BEFORE_START, LAST_WORDS } from './rules/start.ts'

/**
 * Every failure that lucree knows, in order of specificity: what ended the operation earliest and says so plainest comes first, what only
 * fits comes last. The application's own words count when its container ended; when it merely doesn't answer, they come after what was seen
 * listening, and are never more than likely.
 */
export const RULES: readonly Rule[] = [
  UNPACKED,
  ...BUNDLE,
  DISK_FULL,
  ...IMAGE,
  ...BUILD,
  NO_PORT,
  ENVIRONMENT_FILE,
  ...BEFORE_START,
  ...onlyWhen((clues) => clues.end !== undefined, [...LAST_WORDS, CONTAINER_ENDED]),
  ...onlyWhen((clues) => clues.notBegun, [MISSING_USER, ...LAST_WORDS]),
  ...ACCOUNT,
  ...PLATFORM,
  ...LISTENING,
  ...onlyWhen((clues) => clues.unanswered, [...LAST_WORDS, CRASHED_LATER], 'likely'),
  ...onlyWhen((clues) => !clues.unanswered && clues.answer !== undefined, HEALTH),
  ...AFTERMATH,
  ...UNANSWERED,
  ...HEALTH,
  MIXED_VERSIONS,
  ...UNENDED,
]

const UNKNOWN = { name: 'unknown', code: 'LUC-DEPLOY-UNKNOWN' }
const OUTPUT_UNKNOWN =
  'Nothing tells which of the application’s output is of this change, so none of it is shown'
const OUTPUT_DOUBTFUL = 'The application’s output, which may be of the release before:'
/** Of a line only this much is shown. */
const SHOWN_LENGTH = 400
/** One command, and at most two more. */
const MOST_NEXT = 3

/**
 * Names the one cause that the evidence shows best; a failure that no rule knows says so and shows what there is. It explains and never
 * decides: whether something failed is told by state alone (`deploy/conclude.ts`). Never throws, whatever the logs hold.
 */
export function diagnose(evidence: Evidence): Diagnosis {
  const clues = new Clues(evidence)
  for (const rule of RULES) {
    const found = rule.find(clues)
    if (found) return told(rule, marked(found, rule, clues, evidence), clues, evidence)
  }
  const rule = { find: unknown }
  return told(UNKNOWN, marked(unknown(clues), rule, clues, evidence), clues, evidence)
}

/**
 * Output that may be of the release before is shown as that. A cause that only such output tells is likely at most, and says so; one that would be
 * found without it stays what it is.
 */
function marked(found: Finding, rule: Pick<Rule, 'find'>, clues: Clues, evidence: Evidence): Finding {
  const cause = shown(found.cause)
  if (!clues.outputDoubtful) return { ...found, cause }
  const output = new Set(clues.lines('output'))
  const most = found.evidence.slice(-EVIDENCE_LINES)
  const first = most.findIndex((line) => output.has(line))
  const isShown = first >= 0 && first < EVIDENCE_LINES - 1
  const without = rule.find(new Clues(evidence, { doubtful: false }))
  const isProven = without?.cause === found.cause && without.confidence === found.confidence
  return {
    ...found,
    cause: isProven ? cause : `${cause} (what tells this may be of the release before)`,
    confidence: isProven || found.confidence === 'unknown' ? found.confidence : 'likely',
    evidence: isShown
      ? most.toSpliced(first, 0, OUTPUT_DOUBTFUL).slice(0, EVIDENCE_LINES)
      : most.filter((line) => !output.has(line)),
  }
}

function told(
  { name, code }: Pick<Rule, 'name' | 'code'>,
  found: Finding,
  { outputUnknown }: Clues,
  { withheld }: Evidence,
): Diagnosis {
  const lines = found.evidence
    .map(shown)
    .filter((line, at, all) => line !== '' && (isMark(line) || all.indexOf(line) === at))
  return {
    code,
    rule: name,
    cause: found.cause,
    confidence: found.confidence,
    evidence: lines.slice(-EVIDENCE_LINES),
    next: found.next.slice(0, MOST_NEXT),
    more: {
      doc: `docs/errors.md#${code.toLowerCase()}`,
      logs: LOGS,
      withheld: outputUnknown ? [...withheld, OUTPUT_UNKNOWN] : withheld,
    },
  }
}

function shown(line: string): string {
  return line.length > SHOWN_LENGTH ? `${line.slice(0, SHOWN_LENGTH)}…` : line.trimEnd()
}

/** The best first: Beanstalk's own errors and the engine's, what instances and load balancer say, then the logs. */
function unknown(clues: Clues): Finding {
  const evidence = [
    ...clues.errors,
    ...clues.all(/\[ERROR\]/, ['engine'], 4),
    ...clues.lines('refusal', 2),
    ...clues.lines('activity', 3),
    ...clues.lines('cause', 4),
    ...clues.lines('target', 3),
    ...outputOf(clues, undefined, 6),
    ...clues.lines('proxy', 2),
    ...clues.lines('engine', 4),
  ]
  return {
    cause: 'The cause is not one that lucree knows',
    confidence: 'unknown',
    evidence: evidence.slice(0, EVIDENCE_LINES),
    next: [LOGS, EVENTS],
  }
}
