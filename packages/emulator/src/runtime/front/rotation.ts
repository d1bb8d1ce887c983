/** A running instance as the front reaches it. */
export interface Target {
  /** The instance's id. */
  id: string
  host: string
  port: number
}

/** Takes targets in turn. */
export class Rotation {
  #targets: Target[] = []
  #next = 0

  replace(targets: Target[]): void {
    this.#targets = [...targets]
  }

  remove(id: string): void {
    this.#targets = this.#targets.filter((target) => target.id !== id)
  }

  /** The next target that isn't in `tried`; undefined when there is none. */
  next(tried: ReadonlySet<string>): Target | undefined {
    for (let i = 0; i < this.#targets.length; i++) {
      const target = this.#targets[this.#next++ % this.#targets.length]
      if (target && !tried.has(target.id)) return target
    }
    return undefined
  }
}
