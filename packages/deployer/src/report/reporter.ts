import type { Clock } from '../clock.ts'
import type { Progress } from '../deploy/progress.ts'
import { LiveReporter } from './live.ts'
import { NdjsonReporter } from './ndjson.ts'
import { PlainReporter } from './plain.ts'
import { QuietReporter } from './quiet.ts'
import type { Scrubber } from './scrub.ts'
import type { Style } from './style.ts'
import type { TextStream } from './text-stream.ts'

/** Draws what a long-running command says. */
export interface Reporter extends Progress {
  /** Takes the moving part off the screen, because something else is written now; it comes back by itself. */
  clear(): void
  /** From now on nothing moves: lines are only appended, and the cursor is the user's again. */
  settle(): void
  /** Leaves what is to stay on the screen and ends. */
  close(): void
}

export interface ReporterOptions {
  stream: TextStream
  style: Style
  clock: Clock
}

export type ReporterKind = 'quiet' | 'ndjson' | 'live' | 'plain'

/**
 * The reporter that fits: only warnings when the output is for a program or unwanted, a line of JSON for each event when a program follows, a live
 * display on a terminal, appended lines elsewhere.
 */
export function createReporter(kind: ReporterKind, options: ReporterOptions, scrubber: Scrubber): Reporter {
  switch (kind) {
    case 'quiet':
      return new QuietReporter(options)
    case 'ndjson':
      return new NdjsonReporter(options, scrubber)
    case 'live':
      return new LiveReporter(options)
    case 'plain':
      return new PlainReporter(options)
    default:
      return kind satisfies never
  }
}
