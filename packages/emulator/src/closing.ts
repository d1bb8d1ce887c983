/** What has to be undone, last first. */
export class Closing {
  readonly #steps: (() => Promise<unknown> | void)[] = []
  #done: Promise<void> | undefined

  add(step: () => Promise<unknown> | void): void {
    this.#steps.push(step)
  }

  /** Undoes all of it, once, whatever fails on the way; then throws what failed. */
  run(): Promise<void> {
    return (this.#done ??= this.#undo())
  }

  async #undo(): Promise<void> {
    const failures: unknown[] = []
    for (const step of this.#steps.reverse()) {
      try {
        await step()
      } catch (cause) {
        failures.push(cause)
      }
    }
    if (failures.length === 1) throw failures[0]
    if (failures.length) throw new AggregateError(failures, 'the emulator could not be closed cleanly')
  }
}
