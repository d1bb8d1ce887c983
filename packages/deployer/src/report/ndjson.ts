import type { ProgressEvent } from '../deploy/progress.ts'
import { serialise } from './json.ts'
import type { Reporter, ReporterOptions } from './reporter.ts'
import type { Scrubber } from './scrub.ts'

/** What is waited for is said again after this long, ms, or as soon as it is something else. */
const WAITING_EVERY_MS = 10_000

/** `--json --follow`: every event is one JSON document on a line of its own on standard output, with `kind` and the time `at`. The result is the last line and has no `kind`. */
export class NdjsonReporter implements Reporter {
  readonly #options: ReporterOptions
  readonly #scrubber: Scrubber
  #instances = ''
  #waiting: { reason: string; saidAt: number } | undefined

  /** `options.stream` is standard output here. */
  constructor(options: ReporterOptions, scrubber: Scrubber) {
    this.#options = options
    this.#scrubber = scrubber
  }

  emit(event: ProgressEvent): void {
    const now = this.#options.clock.now()
    if (event.kind === 'waiting' && this.#isRepetition(event.reason, now)) return
    if (event.kind === 'instances' && this.#isAsBefore(JSON.stringify(event.instances))) return
    const { stream } = this.#options
    stream.writeRevealed(`${serialise(lineOf(event, new Date(now)), this.#scrubber, 'line')}\n`)
  }

  clear(): void {}

  settle(): void {}

  close(): void {}

  #isAsBefore(instances: string): boolean {
    const before = this.#instances
    this.#instances = instances
    return before === instances
  }

  #isRepetition(reason: string, now: number): boolean {
    const last = this.#waiting
    if (last?.reason === reason && now - last.saidAt < WAITING_EVERY_MS) return true
    this.#waiting = { reason, saidAt: now }
    return false
  }
}

/** An event of Beanstalk's keeps the time that Beanstalk gave it; a plan is its document, without the lines for people. */
function lineOf(event: ProgressEvent, at: Date): Record<string, unknown> {
  if (event.kind === 'plan') return { kind: event.kind, at, ...event.document }
  return { at, ...event }
}
