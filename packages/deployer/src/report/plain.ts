import type { InstanceSeen, ProgressEvent } from '../deploy/progress.ts'
import { formatDuration } from './duration.ts'
import { startHeartbeat } from './heartbeat.ts'
import type { Reporter, ReporterOptions } from './reporter.ts'
import { eventLine, type HeardWaiting, instanceLines, waitingLine } from './wording.ts'

/** After this much silence a build server's log gets a line, so that nobody takes a wait for a hang. */
const SILENCE_MS = 30_000
const LOOK_EVERY_MS = 1_000

/** Appended lines, for a file, a pipe or a build server. */
export class PlainReporter implements Reporter {
  readonly #options: ReporterOptions
  readonly #stop: () => void
  #stage: { title: string; startedAt: number } | undefined
  #waiting: HeardWaiting | undefined
  #instances: InstanceSeen[] = []
  #lastLineAt: number

  constructor(options: ReporterOptions) {
    this.#options = options
    this.#lastLineAt = options.clock.now()
    this.#stop = startHeartbeat(options.clock, LOOK_EVERY_MS, () => this.#breakSilence())
  }

  emit(event: ProgressEvent): void {
    this.#follow(event)
    const line = eventLine(event, this.#options.style)
    if (line !== undefined) this.#append(line)
  }

  clear(): void {}

  settle(): void {}

  close(): void {
    this.#stop()
  }

  #follow(event: ProgressEvent): void {
    if (event.kind === 'waiting') this.#waiting = { event, heardAt: this.#options.clock.now() }
    if (event.kind === 'instances') this.#instances = event.instances
    if (event.kind === 'stage-started' || event.kind === 'stage-done') {
      this.#waiting = undefined
      this.#instances = []
    }
    if (event.kind === 'stage-started')
      this.#stage = { title: event.title, startedAt: this.#options.clock.now() }
    if (event.kind === 'stage-done') this.#stage = undefined
  }

  #append(line: string): void {
    this.#lastLineAt = this.#options.clock.now()
    this.#options.stream.line(line)
  }

  #breakSilence(): void {
    const now = this.#options.clock.now()
    if (now - this.#lastLineAt < SILENCE_MS) return
    if (this.#waiting) this.#append(waitingLine(this.#waiting, now))
    else if (this.#stage) {
      this.#append(`  still at it: ${this.#stage.title}, for ${formatDuration(now - this.#stage.startedAt)}`)
    } else return
    for (const line of instanceLines(this.#instances, this.#options.style)) this.#append(line)
  }
}
