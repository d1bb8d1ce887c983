import type { Scrubber } from './scrub.ts'

const TAIL = 16 * 1024

/** One of the process's streams. Everything written passes the scrubber, and a reader that went away (`| head`) is no error. */
export class TextStream {
  readonly #stream: NodeJS.WriteStream
  readonly #scrubber: Scrubber
  #broken = false
  #tail = ''

  /** `onBroken` is called once, when the reader of the stream is gone. */
  constructor(stream: NodeJS.WriteStream, scrubber: Scrubber, onBroken: () => void = () => undefined) {
    this.#stream = stream
    this.#scrubber = scrubber
    stream.on('error', (error: NodeJS.ErrnoException) => {
      if (error.code !== 'EPIPE') throw error
      if (this.#broken) return
      this.#broken = true
      onBroken()
    })
  }

  /** The last of what was written, at most 16 KiB. */
  get tail(): string {
    return this.#tail
  }

  get isTTY(): boolean {
    return this.#stream.isTTY === true
  }

  /** Characters of a line; a terminal without a size (a build server's, at times) counts as the usual one. */
  get columns(): number {
    return this.#stream.columns || 80
  }

  get rows(): number {
    return this.#stream.rows || 24
  }

  /** Writes one line of text, less the secrets in it. */
  line(text: string): void {
    this.write(`${text}\n`)
  }

  /** Writes text as it is, less the secrets in it. */
  write(text: string): void {
    this.writeRevealed(this.#scrubber.scrub(text))
  }

  /** Writes text that the user asked to see, secret or not. */
  writeRevealed(text: string): void {
    this.#tail = (this.#tail + text).slice(-TAIL)
    if (!this.#broken) this.#stream.write(text)
  }
}
