import { type Item, KINDS, type Staying } from '../account/inventory/item.ts'

/** Names of one kind that a list shows; a thousand bundles say no more than their number. */
const MOST = 8

/** An inventory for people: a line a thing, long lists cut, and what stays with its reason. */
export function inventoryLines(items: Item[], kept: Staying[]): string[] {
  const lines = (list: Item[], line: (item: Item) => string) =>
    KINDS.flatMap((kind) => {
      const ofKind = list.filter((item) => item.kind === kind)
      const rest = ofKind.length - MOST
      return [
        ...ofKind.slice(0, rest > 1 ? MOST : undefined).map(line),
        ...(rest > 1 ? [`${kind.padEnd(WIDTH)} and ${rest} more`] : []),
      ]
    })
  const reasons = new Map(kept.map((item) => [item as Item, item.why]))
  return [
    ...lines(items, ({ kind, name }) => `${kind.padEnd(WIDTH)} ${name}`),
    ...lines(kept, (item) => `${item.kind.padEnd(WIDTH)} ${item.name} stays: ${reasons.get(item)}`),
  ]
}

const WIDTH = Math.max(...KINDS.map(({ length }) => length))
