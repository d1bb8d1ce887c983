/** Runs one task after another: what reads, decides and writes isn't interrupted by another that does. */
export class Serial {
  #last: Promise<unknown> = Promise.resolve()

  run<T>(task: () => Promise<T>): Promise<T> {
    const mine = this.#last.then(task, task)
    this.#last = mine
    return mine
  }
}
