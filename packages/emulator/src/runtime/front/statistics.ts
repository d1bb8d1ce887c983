export interface TargetStats {
  inFlight: number
  requests: number
  /** Answers by their first digit: `{ 2: 40, 5: 1 }`. */
  statuses: Record<number, number>
}

/** Counts the requests of each target. */
export class Statistics {
  readonly #targets = new Map<string, TargetStats>()

  begin(id: string): void {
    this.#of(id).inFlight++
  }

  end(id: string, status: number): void {
    const stats = this.#of(id)
    const digit = Math.floor(status / 100)
    stats.inFlight--
    stats.requests++
    stats.statuses[digit] = (stats.statuses[digit] ?? 0) + 1
  }

  inFlight(id: string): number {
    return this.#targets.get(id)?.inFlight ?? 0
  }

  all(): Record<string, TargetStats> {
    return structuredClone(Object.fromEntries(this.#targets))
  }

  #of(id: string): TargetStats {
    const stats = this.#targets.get(id) ?? { inFlight: 0, requests: 0, statuses: {} }
    this.#targets.set(id, stats)
    return stats
  }
}
