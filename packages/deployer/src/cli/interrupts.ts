import { Interrupted } from '../errors.ts'

/** Whoever read standard output has gone (`lucree events -f | head`): the end of a command that only shows something, and not a failure. */
export class ReaderGone extends Error {
  override readonly name = 'ReaderGone'
}

/** Ctrl-C and requests to end, as an abort signal that every wait takes. */
export class Interrupts {
  readonly #controller = new AbortController()
  readonly #onFirst: () => void
  readonly #onSecond: () => void
  readonly #listener = (signal: NodeJS.Signals) => this.#interrupted(signal)
  #heard = false

  /** `onFirst` is called at the first of them, before anything is stopped; `onSecond` for a last word at the second, which ends the process. */
  constructor(onFirst: () => void, onSecond: () => void) {
    this.#onFirst = onFirst
    this.#onSecond = onSecond
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

  /** The second one is the system's own to answer: the process ends at once, by that signal. */
  #interrupted(name: NodeJS.Signals): void {
    if (this.#heard) {
      this.dispose()
      this.#onSecond()
      process.kill(process.pid, name)
      return
    }
    this.#heard = true
    this.#onFirst()
    this.#controller.abort(new Interrupted())
  }
}
