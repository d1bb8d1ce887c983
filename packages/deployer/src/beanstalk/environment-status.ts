import type { EnvironmentDescription } from './ports.ts'

/** An environment's status as a value that answers questions, rather than a string compared everywhere (facts sheet §3.1). */
export class EnvironmentStatus {
  readonly #name: string

  constructor(name: string) {
    this.#name = name
  }

  static of(environment: EnvironmentDescription): EnvironmentStatus {
    return new EnvironmentStatus(environment.status)
  }

  get name(): string {
    return this.#name
  }

  /** Takes changes. */
  get isReady(): boolean {
    return this.#name === 'Ready'
  }

  get isGone(): boolean {
    return this.#name === 'Terminated'
  }

  get isGoing(): boolean {
    return this.#name === 'Terminating' || this.isGone
  }

  /** No operation is under way any more, well or badly ended. */
  get isSettled(): boolean {
    return this.isReady || this.isGone
  }

  toString(): string {
    return this.#name
  }
}
