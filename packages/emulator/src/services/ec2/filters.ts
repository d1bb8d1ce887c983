import type { Filter } from '@aws-sdk/client-ec2'
import { invalidParameter } from './errors.ts'
import type { Tags } from './world/model.ts'

/** What a resource may be filtered by: a name to its values. */
export type Attributes = Record<string, (string | undefined)[]>

/** Whether a resource passes all filters: any of a filter's values, with `*` and `?`. Throws on a filter that doesn't exist. */
export function passes(filters: Filter[] | undefined, attributes: Attributes, tags: Tags = {}): boolean {
  return (filters ?? []).every(({ Name = '', Values = [] }) => {
    const has = valuesOf(Name, attributes, tags)
    if (has === undefined) throw invalidParameter(`The filter '${Name}' is invalid`)
    return Values.some((wanted) => has.some((value) => value !== undefined && patternOf(wanted).test(value)))
  })
}

function valuesOf(name: string, attributes: Attributes, tags: Tags): (string | undefined)[] | undefined {
  if (name === 'tag-key') return Object.keys(tags)
  if (name.startsWith('tag:')) return [tags[name.slice(4)]]
  return Object.hasOwn(attributes, name) ? attributes[name] : undefined
}

function patternOf(wanted: string): RegExp {
  const escaped = wanted.replace(/[.+^${}()|[\]\\]/g, '\\$&')
  return new RegExp(`^${escaped.replaceAll('*', '.*').replaceAll('?', '.')}$`, 's')
}

/** One page of a list; the token is where the next one begins. Throws on a token that isn't ours. */
export function pageOf<T>(
  items: readonly T[],
  limit: number | undefined,
  token: string | undefined,
): { items: T[]; next: string | undefined } {
  const start = token === undefined ? 0 : Number(Buffer.from(token, 'base64url').toString())
  if (!Number.isInteger(start) || start < 0) throw invalidParameter(`The token '${token}' is invalid`)
  const end = start + (limit ?? items.length)
  const next = end < items.length ? Buffer.from(String(end)).toString('base64url') : undefined
  return { items: items.slice(start, end), next }
}

/** The items that were asked for by id, in the list's order. Throws what `unknown` makes of an id that isn't there. */
export function chosen<T extends { id: string }>(
  items: readonly T[],
  ids: string[] | undefined,
  unknown: (id: string) => Error,
): T[] {
  const missing = ids?.find((id) => !items.some((item) => item.id === id))
  if (missing !== undefined) throw unknown(missing)
  return ids?.length ? items.filter(({ id }) => ids.includes(id)) : [...items]
}
