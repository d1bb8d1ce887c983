import type { LucreeError } from '../errors.ts'
import type { InstanceSeen, PlanLine, ProgressEvent } from '../deploy/progress.ts'
import { formatDuration } from './duration.ts'
import type { Style } from './style.ts'

/**
 * The lines of a failure: what happened and why, the evidence, what is serving, what to run next. Words carry the meaning; colour only repeats
 * it. An interruption was the user's own wish and isn't called an error.
 */
export function failureLines(error: LucreeError, style: Style): string[] {
  const interrupted = error.exitCode === 130
  const head = interrupted ? '' : `${style.red(style.bold('Error:'))} `
  return [
    `${head}${sentence(error)} ${style.dim(`[${error.code}]`)}`,
    ...error.evidence.map((line) => style.dim(`  | ${printable(line)}`)),
    ...(error.serving ? [`Serving now: ${printable(error.serving)}`] : []),
    ...error.hints.map((hint, index) => `${style.bold(index === 0 ? 'Next:' : '  or:')} ${printable(hint)}`),
    ...moreLines(error, style),
  ]
}

/** Where there is more, said last and quietly; what could not be looked at is part of it. */
function moreLines({ more, hints, confidence }: LucreeError, style: Style): string[] {
  if (!more) return []
  // With a cause that is certain nobody misses what could not be looked at; the document has it all the same.
  const withheld = confidence === 'certain' ? [] : more.withheld
  const logs = hints.some((hint) => hint.startsWith(more.logs)) ? '' : `; ${more.logs}`
  return [...withheld.map((sentence) => `${withoutStop(sentence)}.`), `More: ${more.doc}${logs}`].map(
    (line) => style.dim(printable(line)),
  )
}

/** "What happened: why." in one sentence. */
function sentence(error: LucreeError): string {
  const whole = error.why ? `${withoutStop(error.message)}: ${error.why}` : error.message
  return /[?!]$/.test(whole) ? printable(whole) : `${printable(withoutStop(whole))}.`
}

function withoutStop(text: string): string {
  return text.trimEnd().replace(/\.$/, '')
}

/**
 * One event as one line for an append-only stream; undefined for what a stream says otherwise. Beanstalk's own messages are folded at words into
 * `columns`, when they are given.
 */
export function eventLine(event: ProgressEvent, style: Style, columns = Infinity): string | undefined {
  switch (event.kind) {
    case 'stage-started':
      return `${printable(event.title)} ...`
    case 'stage-done':
      return `${style.green('done:')} ${printable(event.detail)} ${style.dim(`(${formatDuration(event.durationMs)})`)}`
    case 'environment-event':
      return `  ${style.dim(timeOfDay(event.at))} ${severity(event.severity, style)} ${folded(printable(event.message), columns)}`
    case 'note':
      return printable(event.message)
    case 'warning':
      return `${style.yellow('Warning:')} ${printable(event.message)}`
    case 'output':
      return `  ${style.dim(`${printable(event.source)} |`)} ${printable(event.line)}`
    case 'plan':
      return event.lines.map((line) => planLine(line, style)).join('\n')
    case 'waiting':
    case 'instances':
      return undefined
    default:
      return event satisfies never
  }
}

/** One line of a plan, its detail dimmed behind it. */
export function planLine({ text, detail }: PlanLine, style: Style): string {
  return detail ? `${printable(text)} ${style.dim(`(${printable(detail)})`)}` : printable(text)
}

/** Instances that are shown; of the others only the number is. */
const INSTANCES_IN_VIEW = 6

/** A line for each instance: its health, and what runs or is being deployed there. */
export function instanceLines(instances: InstanceSeen[], style: Style): string[] {
  const shown = instances.slice(0, INSTANCES_IN_VIEW).map((instance) => instanceLine(instance, style))
  const rest = instances.length - shown.length
  return rest > 0 ? [...shown, style.dim(`  and ${rest} more`)] : shown
}

function instanceLine({ id, health, version, deployment }: InstanceSeen, style: Style): string {
  const runs = [version, deployment].filter((word) => word !== null).join(' ')
  return `  ${printable(id)} ${healthColour(health, style)(printable(health))} ${style.dim(printable(runs))}`.trimEnd()
}

function healthColour(health: string, style: Style): (text: string) => string {
  if (health === 'Ok' || health === 'Info') return style.green
  if (health === 'Severe' || health === 'Degraded') return style.red
  return health === 'Warning' ? style.yellow : style.dim
}

/** What stands before the message of an event, and before what of it comes on the next line. */
const EVENT_HEAD = '  00:00:00 ERROR '.length
const NEXT_LINE = '    '

/** A text that begins behind {@link EVENT_HEAD}, on as many lines as its words need. */
function folded(text: string, columns: number): string {
  let left = columns - EVENT_HEAD
  return text
    .split(' ')
    .map((word, index) => {
      if (index === 0 || word.length + 1 <= left) {
        left -= word.length + (index === 0 ? 0 : 1)
        return index === 0 ? word : ` ${word}`
      }
      left = columns - NEXT_LINE.length - word.length
      return `\n${NEXT_LINE}${word}`
    })
    .join('')
}

/** What was last waited for, and when (in the clock's milliseconds) that was said. */
export interface HeardWaiting {
  event: Extract<ProgressEvent, { kind: 'waiting' }>
  heardAt: number
}

/** What is waited for, for how long by now and for how long at most. */
export function waitingLine({ event, heardAt }: HeardWaiting, now: number): string {
  const waited = formatDuration(event.sinceMs + now - heardAt)
  return `  waiting: ${printable(event.reason)} (${waited} of at most ${formatDuration(event.deadlineMs)})`
}

function severity(name: string, style: Style): string {
  const padded = name.padEnd(5)
  if (name === 'ERROR' || name === 'FATAL') return style.red(padded)
  return name === 'WARN' ? style.yellow(padded) : style.dim(padded)
}

/** Hours, minutes and seconds in the time zone of this machine. */
function timeOfDay(at: Date): string {
  return at.toTimeString().slice(0, 8)
}

/** Somebody else's text on one line and without control characters: what a server or an application says must not steer the terminal. */
export function printable(text: string): string {
  // eslint-disable-next-line no-control-regex -- taking control characters out is the purpose
  return text.replace(/\u001b\[[0-9;?]*[ -/]*[@-~]/g, '').replace(/[\u0000-\u001f\u007f-\u009f]+/g, ' ')
}
