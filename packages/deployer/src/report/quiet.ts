import type { ProgressEvent } from '../deploy/progress.ts'
import type { Reporter, ReporterOptions } from './reporter.ts'
import { eventLine } from './wording.ts'

/** Says nothing but warnings: for `--quiet`, and for `--json`, whose document is the only word on standard output. */
export class QuietReporter implements Reporter {
  readonly #options: ReporterOptions

  constructor(options: ReporterOptions) {
    this.#options = options
  }

  emit(event: ProgressEvent): void {
    if (event.kind !== 'warning') return
    const line = eventLine(event, this.#options.style)
    if (line !== undefined) this.#options.stream.line(line)
  }

  clear(): void {}

  settle(): void {}

  close(): void {}
}
