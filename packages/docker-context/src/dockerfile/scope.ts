import { UNKNOWN, type Lookup } from './lexer.ts'

/** A variable's value; undefined when it has one that isn't known. */
export type Value = string | undefined

/**
 * Variables that come one after the other. What was there at any moment can be asked for later without a copy at each.
 * In an open scope a name that was never set may have a value all the same.
 */
export class Scope {
  readonly #before: ReadonlyMap<string, Value>
  readonly #changes: { name: string | undefined; value: Value }[] = []
  readonly #now: Map<string, Value>
  #open: boolean

  constructor(before: ReadonlyMap<string, Value>, open: boolean) {
    this.#before = before
    this.#now = new Map(before)
    this.#open = open
  }

  get open(): boolean {
    return this.#open
  }

  get now(): ReadonlyMap<string, Value> {
    return this.#now
  }

  /** The place up to which {@link at} reads. */
  get length(): number {
    return this.#changes.length
  }

  readonly lookup: Lookup = (name) => {
    if (this.#now.has(name)) return this.#now.get(name) ?? UNKNOWN
    return this.#open ? UNKNOWN : undefined
  }

  /** A name that isn't known may be any: afterwards no variable is known. */
  set(name: Value, value: Value): void {
    this.#changes.push({ name, value })
    apply(this.#now, name, value)
    if (name === undefined) this.#open = true
  }

  at(length: number): ReadonlyMap<string, Value> {
    const then = new Map(this.#before)
    for (const { name, value } of this.#changes.slice(0, length)) apply(then, name, value)
    return then
  }
}

function apply(map: Map<string, Value>, name: Value, value: Value): void {
  if (name !== undefined) map.set(name, value)
  else for (const each of map.keys()) map.set(each, undefined)
}
