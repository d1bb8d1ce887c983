import type { createLogUpdate } from 'log-update'
import type { InstanceSeen, ProgressEvent } from '../deploy/progress.ts'
import { formatDuration } from './duration.ts'
import { startHeartbeat } from './heartbeat.ts'
import type { Reporter, ReporterOptions } from './reporter.ts'
import { eventLine, type HeardWaiting, instanceLines, printable, waitingLine } from './wording.ts'

type Area = ReturnType<typeof createLogUpdate>

const FRAME_MS = 120
const FRAMES = ['⠋', '⠙', '⠹', '⠸', '⠼', '⠴', '⠦', '⠧', '⠇', '⠏']
/** Beanstalk's events that stay in view below the running stage. */
const EVENTS_IN_VIEW = 4

/** A terminal: finished stages stay as lines, the running one moves below them with its time, the last events, the instances and what is waited for. */
export class LiveReporter implements Reporter {
  readonly #options: ReporterOptions
  /** Undefined until it is loaded: only a display that moves needs it, and it costs 10 ms. */
  #area: Area | undefined
  readonly #stop: () => void
  #stage: { title: string; startedAt: number } | undefined
  #events: Extract<ProgressEvent, { kind: 'environment-event' }>[] = []
  #instances: InstanceSeen[] = []
  #waiting: HeardWaiting | undefined
  #frame = 0
  #settled = false

  constructor(options: ReporterOptions) {
    this.#options = options
    void this.#load()
    this.#stop = startHeartbeat(options.clock, FRAME_MS, () => this.#draw())
  }

  emit(event: ProgressEvent): void {
    if (this.#settled) return this.#append(eventLine(event, this.#options.style))
    switch (event.kind) {
      case 'stage-started':
        this.#begin(event.title)
        break
      case 'stage-done':
        this.#finish(`${this.#options.style.green('✓')} ${this.#title()}`, event.detail, event.durationMs)
        break
      case 'environment-event':
        this.#events = [...this.#events, event].slice(-EVENTS_IN_VIEW)
        break
      case 'instances':
        this.#instances = event.instances
        break
      case 'waiting':
        this.#waiting = { event, heardAt: this.#options.clock.now() }
        break
      default:
        this.#append(eventLine(event, this.#options.style))
    }
    this.#draw()
  }

  clear(): void {
    this.#area?.clear()
  }

  settle(): void {
    if (this.#settled) return
    this.#settled = true
    this.#stop()
    this.#area?.clear()
    this.#area?.done()
    if (this.#stage) this.#append(`${this.#stage.title} ...`)
  }

  /** A stage that is still running when all is over has not ended well: it stays with a cross, and so do the events that were in view. */
  close(): void {
    if (this.#settled) return
    this.#stop()
    this.#area?.clear()
    if (this.#stage) {
      const { style, clock } = this.#options
      for (const event of this.#events) this.#append(eventLine(event, style))
      this.#append(
        `${style.red('✗')} ${this.#title()} ${style.dim(`(${formatDuration(clock.now() - this.#stage.startedAt)})`)}`,
      )
    }
    this.#area?.done()
    this.#settled = true
  }

  async #load(): Promise<void> {
    const { createLogUpdate } = await import('log-update')
    this.#area = createLogUpdate(this.#options.stream as unknown as NodeJS.WriteStream)
    this.#draw()
  }

  #begin(title: string): void {
    this.#stage = { title: printable(title), startedAt: this.#options.clock.now() }
    this.#events = []
    this.#instances = []
    this.#waiting = undefined
  }

  #finish(head: string, detail: string, durationMs: number): void {
    const { style } = this.#options
    this.#append(`${head}: ${printable(detail)} ${style.dim(`(${formatDuration(durationMs)})`)}`)
    this.#stage = undefined
    this.#events = []
    this.#instances = []
    this.#waiting = undefined
  }

  #title(): string {
    return this.#stage?.title ?? ''
  }

  #append(line: string | undefined): void {
    if (line === undefined) return
    this.#area?.clear()
    this.#options.stream.line(line)
  }

  #draw(): void {
    if (!this.#stage || this.#settled) return
    const now = this.#options.clock.now()
    const { style } = this.#options
    this.#frame = (this.#frame + 1) % FRAMES.length
    const head = `${style.cyan(FRAMES[this.#frame] ?? '')} ${this.#stage.title} ${style.dim(formatDuration(now - this.#stage.startedAt))}`
    const waiting = this.#waiting ? [style.dim(waitingLine(this.#waiting, now))] : []
    // Folded anew for each picture: the terminal may have another size by now.
    const { columns } = this.#options.stream
    const events = this.#events.map((event) => eventLine(event, style, columns) ?? '')
    this.#area?.([head, ...events, ...instanceLines(this.#instances, style), ...waiting].join('\n'))
  }
}
