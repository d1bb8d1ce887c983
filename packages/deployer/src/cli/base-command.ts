import { Command } from '@oclif/core/command'
import type { Interfaces } from '@oclif/core'
import { systemClock } from '../clock.ts'
import type { LucreeError } from '../errors.ts'
import { type Line, Screen } from '../report/screen.ts'
import type { Style } from '../report/style.ts'
import { outputFlags } from './flags.ts'
import { Interrupts } from './interrupts.ts'
import { outputModeOf } from './output-mode.ts'
import { sameCommand } from './same-command.ts'
import { scrubber } from './secrets.ts'
import { nameOwnOutput } from './own-output.ts'
import { translateFailure } from './translate-failure.ts'

export type Flags = Record<string, unknown>

/**
 * A command of lucree: a declaration of flags, a `run()` that returns its result, and a `present()` that says the result to people. With
 * `--json` the result itself is the one document on standard output. Failures are thrown; `main.ts` says them.
 */
export abstract class LucreeCommand<Result = unknown> extends Command {
  static override baseFlags = outputFlags

  protected readonly clock = systemClock
  /** The environment that lucree itself was started with. */
  protected readonly environment: Record<string, string | undefined> = process.env
  protected readonly screen: Screen
  readonly #interrupts: Interrupts
  #parsed: Promise<Interfaces.ParserOutput> | undefined

  constructor(...[argv, config]: ConstructorParameters<typeof Command>) {
    super(argv, config)
    this.#interrupts = new Interrupts(
      () => this.#sayThatItStops(),
      () => this.#sayThatItLeaves(),
    )
    this.screen = new Screen({
      ...outputModeOf(argv, this.environment),
      environment: this.environment,
      clock: this.clock,
      scrubber,
      onReaderGone: () => this.#interrupts.readerGone(),
    })
  }

  /** Does the work and returns its result: what `--json` prints, so a plain object with the names of DESIGN.md §4. */
  abstract override run(): Promise<Result>

  /** The result for people: lines of standard output, in the colours of `style`. Not called with `--json`. */
  protected present(_result: Result, _style: Style): Line[] {
    return []
  }

  /** Aborted by Ctrl-C; every wait takes it. */
  protected get signal(): AbortSignal {
    return this.#interrupts.signal
  }

  /** Parses the command line once; asked again, it gives the same. */
  protected override async parse<F extends Flags, B extends Flags, A extends Flags>(
    options?: Interfaces.Input<F, B, A>,
    argv?: string[],
  ): Promise<Interfaces.ParserOutput<F, B, A>> {
    this.#parsed ??= super.parse(options, argv)
    return await this.#parsed
  }

  /** A last word on a failure before it is said. */
  protected explain(failure: LucreeError | undefined): Promise<LucreeError | undefined> {
    return Promise.resolve(failure)
  }

  /** How one looks again at what the command was doing, once it has left in the middle. */
  protected lookAgain(): string | undefined {
    return undefined
  }

  /** oclif's frame around `run()`: here the result is written, and nothing that was opened stays open. */
  protected override async _run<T>(): Promise<T> {
    try {
      await this.parse(this.ctor)
      const result = await this.run()
      this.screen.close()
      if (this.screen.json) this.screen.document(result)
      else this.screen.result(this.present(result, this.screen.style))
      return result as unknown as T
    } catch (error) {
      const translated = translateFailure(error, this.signal, this.id)
      const failure = await this.explain(translated && nameOwnOutput(translated, this.screen.written))
      if (failure) failure.hints.splice(0, Infinity, ...failure.hints.map((hint) => sameCommand(hint, this)))
      throw failure ?? error
    } finally {
      this.screen.close()
      this.#interrupts.dispose()
    }
  }

  #sayThatItStops(): void {
    this.screen.reporter.settle()
    this.screen.reporter.emit({ kind: 'note', message: 'Stopping; press Ctrl-C again to leave at once.' })
  }
  #sayThatItLeaves(): void {
    const look = this.lookAgain()
    const message = look ? `Left at once: what was begun goes on. Look again: ${look}` : 'Left at once.'
    this.screen.reporter.emit({ kind: 'warning', message })
  }
}
