import type { LucreeError } from '../../errors.ts'
import { identityOf, type Item, itemOf, type Staying } from '../inventory/item.ts'

/** Why something stays, and what the user can do about it. */
interface Problem {
  why: string
  hints: string[]
  error: LucreeError | undefined
}

/** What a look gave, as far as the book needs it. */
interface Seen {
  items: Item[]
  kept: Item[]
  unseen: Item[]
}

/** The book of a removal: what was to go, what went, and what wouldn't and why. It can be read at any moment, also after Ctrl-C. */
export class Ledger {
  readonly #expected = new Map<string, Item>()
  readonly #removed = new Map<string, Item>()
  readonly #problems = new Map<string, Problem>()

  /** Things that are to go; known ones are no news. */
  expect(items: Iterable<Item>): void {
    for (const item of items) this.#expected.set(identityOf(item), itemOf(item))
  }

  removed(item: Item): void {
    const id = identityOf(item)
    this.#removed.set(id, itemOf(item))
    this.#problems.delete(id)
  }

  /** Compares the book with what a later look saw: what isn't there any more went, whoever took it away; what is kept after all was never to go. */
  reconcile({ items, kept, unseen }: Seen): void {
    this.expect(items)
    const present = new Set([...items, ...kept].map(identityOf))
    const hidden = new Set(unseen.map(({ kind }) => kind))
    for (const [id, item] of this.#expected) {
      if (!present.has(id) && !hidden.has(item.kind)) this.removed(item)
    }
    for (const item of kept) this.#expected.delete(identityOf(item))
  }

  refused(item: Item, error: LucreeError, hints: string[] = []): void {
    this.#problems.set(identityOf(item), { why: sentence(error), hints: [...hints, ...error.hints], error })
  }

  /** It was left alone on purpose. */
  heldBack(item: Item, why: string, hints: string[] = []): void {
    this.#problems.set(identityOf(item), { why, hints, error: undefined })
  }

  knowsWhy(item: Item): boolean {
    return this.#problems.has(identityOf(item))
  }

  wasRemoved(item: Item): boolean {
    return this.#removed.has(identityOf(item))
  }

  /** How many of them were removed, in words. */
  count(items: Item[], done: string): string {
    const count = items.filter((item) => this.wasRemoved(item)).length
    return count === items.length ? `${count} ${done}` : `${count} of ${items.length} ${done}`
  }

  /** What is left as far as the book knows, with `otherwise` for what has no reason of its own. */
  remaining(otherwise: string): Staying[] {
    return this.explain(
      [...this.#expected].flatMap(([id, item]) => (this.#removed.has(id) ? [] : [item])),
      otherwise,
    )
  }

  /** Things that are still there, each with its reason. They don't count as removed, whatever was answered. */
  explain(items: Item[], otherwise: string): Staying[] {
    return items.map((item) => ({
      ...itemOf(item),
      why: this.#problems.get(identityOf(item))?.why ?? otherwise,
    }))
  }

  /** What went and isn't among `left`. */
  gone(left: Item[]): Item[] {
    const stays = new Set(left.map(identityOf))
    return [...this.#removed].flatMap(([id, item]) => (stays.has(id) ? [] : [item]))
  }

  /** Commands that help on, for what is left: each once. */
  hintsFor(left: Item[]): string[] {
    return [...new Set(left.flatMap((item) => this.#problems.get(identityOf(item))?.hints ?? []))]
  }

  errorsFor(left: Item[]): LucreeError[] {
    return left.flatMap((item) => this.#problems.get(identityOf(item))?.error ?? [])
  }
}

function sentence({ message, why }: LucreeError): string {
  return why ? `${message}: ${why}` : message
}
