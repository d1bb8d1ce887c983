import { Interrupted } from '../errors.ts'

/** Whoever read standard output has gone (`lucree events -f | head`): the end of a command that only shows something, and not a failure. */
export class ReaderGone extends Error {
  override readonly name = 'ReaderGone'
}

/** Ctrl-C and requests to end, as an abort signal that every wait takes. */
export class Interrupts {
  readonly #controller = new AbortController()
  readonly #onFirst: () => void
  readonly #listener = () => this.#interrupted()

  /** `onFirst` is called at the first of them, before anything is stopped. */
  constructor(onFirst: () => void) {
    this.#onFirst = onFirst
    process.on('SIGINT', this.#listener)
    process.on('SIGTERM', this.#listener)
  }

  get signal(): AbortSignal {
    return this.#controller.signal
  }

  /** Ends the command because nobody reads its result any more. */
  readerGone(): void {
    this.#controller.abort(new ReaderGone('The reader of standard output has gone'))
  }

  dispose(): void {
    process.off('SIGINT', this.#listener)
    process.off('SIGTERM', this.#listener)
  }

  /** The second Ctrl-C meets Node's own handling, which ends the process at once. */
  #interrupted(): void {
    this.dispose()
    this.#onFirst()
    this.#controller.abort(new Interrupted())
  }
}
