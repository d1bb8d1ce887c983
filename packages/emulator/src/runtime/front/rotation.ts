import type { ProxySettings } from './proxy-settings.ts'

/** A running instance as the front reaches it. */
export interface Target {
  /** The instance's id. */
  id: string
  host: string
  port: number
  /** The limits of its nginx. */
  proxy: ProxySettings
  /** While traffic is split: it belongs to those that get their share of it. */
  fresh?: boolean
}

/** Takes targets in turn; while traffic is split, of each hundred requests as many to the fresh ones as they are to get. */
export class Rotation {
  #targets: Target[] = []
  #next = 0
  #freshPercent: number | undefined
  /** Hundredths of a request that the fresh targets are still to get. */
  #owed = 0

  replace(targets: Target[], freshPercent?: number): void {
    this.#targets = [...targets]
    this.#freshPercent = freshPercent
  }

  remove(id: string): void {
    this.#targets = this.#targets.filter((target) => target.id !== id)
  }

  /** The next target; undefined when there is none. */
  next(): Target | undefined {
    if (this.#freshPercent === undefined) return this.#nextOf(() => true)
    this.#owed += this.#freshPercent
    const fresh = this.#owed >= 100
    if (fresh) this.#owed -= 100
    const wanted = ({ fresh: is = false }: Target) => is === fresh
    return this.#nextOf(wanted) ?? this.#nextOf(() => true)
  }

  #nextOf(wanted: (target: Target) => boolean): Target | undefined {
    for (let i = 0; i < this.#targets.length; i++) {
      const target = this.#targets[this.#next++ % this.#targets.length]
      if (target && wanted(target)) return target
    }
    return undefined
  }
}
