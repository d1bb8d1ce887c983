import type { Clock } from '../clock.ts'
import type { LucreeError } from '../errors.ts'
import { failureDocument, serialise } from './json.ts'
import { createReporter, type Reporter, type ReporterKind } from './reporter.ts'
import { Revealed, type Scrubber } from './scrub.ts'
import { createStyle, type Style, wantsColour } from './style.ts'
import { TextStream } from './text-stream.ts'
import { failureLines } from './wording.ts'

/** A line of a result on standard output; several texts in a row are one line. */
export type Line = string | Revealed

export interface ScreenOptions {
  json: boolean
  /** With `json`: progress goes to standard output too, an event a line. */
  follow: boolean
  quiet: boolean
  colourRefused: boolean
  environment: Record<string, string | undefined>
  clock: Clock
  scrubber: Scrubber
  /** Called when the reader of standard output has gone (`| head`). */
  onReaderGone?: () => void
}

/** The process's terminal: results on standard output, all else on standard error. Nothing else in lucree writes there. */
export class Screen {
  readonly json: boolean
  /** Colours of standard output. */
  readonly style: Style
  readonly #out: TextStream
  readonly #err: TextStream
  readonly #errStyle: Style
  readonly #scrubber: Scrubber
  readonly #clock: Clock
  readonly #kind: ReporterKind
  #reporter: Reporter | undefined

  constructor(options: ScreenOptions) {
    this.json = options.json
    this.#scrubber = options.scrubber
    this.#clock = options.clock
    this.#out = new TextStream(process.stdout, options.scrubber, options.onReaderGone)
    this.#err = new TextStream(process.stderr, options.scrubber)
    this.style = createStyle(wantsColour(process.stdout, options.environment, options.colourRefused))
    this.#errStyle = createStyle(wantsColour(process.stderr, options.environment, options.colourRefused))
    this.#kind = this.#kindOf(options)
  }

  /** Draws progress, on standard error unless a program follows; made when it is first asked for. */
  get reporter(): Reporter {
    this.#reporter ??= createReporter(
      this.#kind,
      {
        stream: this.#kind === 'ndjson' ? this.#out : this.#err,
        style: this.#errStyle,
        clock: this.#clock,
      },
      this.#scrubber,
    )
    return this.#reporter
  }

  /** The last of what was written to the two streams. */
  get written(): string[] {
    return [this.#out.tail, this.#err.tail]
  }

  /** Whether a question can be asked: somebody types, and sees what is asked. */
  get interactive(): boolean {
    return process.stdin.isTTY === true && this.#err.isTTY
  }

  /** Where questions are asked: never on standard output, which belongs to the result. */
  get questions(): { input: NodeJS.ReadStream; output: NodeJS.WriteStream } {
    this.#reporter?.clear()
    return { input: process.stdin, output: process.stderr }
  }

  /** Writes lines of the result. */
  result(lines: readonly Line[]): void {
    this.#reporter?.clear()
    for (const line of lines) {
      if (line instanceof Revealed) this.#out.writeRevealed(`${line.text}\n`)
      else this.#out.line(line)
    }
  }

  /** Writes the one document of `--json`; the last line where a program follows. */
  document(value: unknown): void {
    const form = this.#kind === 'ndjson' ? 'line' : 'pages'
    this.#out.writeRevealed(`${serialise(value, this.#scrubber, form)}\n`)
  }

  /** Says how the command failed: a document on standard output with `--json`, sentences on standard error otherwise. */
  failure(error: LucreeError): void {
    this.close()
    if (this.json) this.document(failureDocument(error))
    else for (const line of failureLines(error, this.#errStyle)) this.#err.line(line)
  }

  #kindOf({ json, follow, quiet, environment }: ScreenOptions): ReporterKind {
    if (json && follow && !quiet) return 'ndjson'
    if (json || quiet) return 'quiet'
    return this.#err.isTTY && environment['TERM'] !== 'dumb' ? 'live' : 'plain'
  }

  close(): void {
    this.#reporter?.close()
    this.#reporter = undefined
  }
}
