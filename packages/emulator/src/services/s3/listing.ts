import { byUtf8, firstIndex } from './disk/key-order.ts'

export interface ListingQuery {
  prefix: string
  /** Keys that go on with it after the prefix are told as one common prefix. */
  delimiter: string | undefined
  /** Only keys behind this one; a common prefix stands for every key that starts with it. */
  after: string
  max: number
}

export interface Listing {
  keys: string[]
  commonPrefixes: string[]
  /** What to go on after, when there is more. */
  next: string | undefined
}

/** One page of sorted keys. */
export function listPage(
  sorted: readonly string[],
  { prefix, delimiter, after, max }: ListingQuery,
): Listing {
  const keys: string[] = []
  const commonPrefixes: string[] = []
  let last: string | undefined
  let index = firstIndex(
    sorted,
    (key) => byUtf8(key, prefix) >= 0 && isAfter(key, after, { prefix, delimiter }),
  )
  while (index < sorted.length) {
    const key = sorted[index] as string
    if (!key.startsWith(prefix)) break
    if (keys.length + commonPrefixes.length >= max) return { keys, commonPrefixes, next: last }
    const end = delimiter ? key.indexOf(delimiter, prefix.length) : -1
    if (end < 0) {
      keys.push((last = key))
      index++
      continue
    }
    const common = key.slice(0, end + (delimiter as string).length)
    commonPrefixes.push((last = common))
    index = firstIndex(sorted, (other) => byUtf8(other, key) > 0 && !other.startsWith(common))
  }
  return { keys, commonPrefixes, next: undefined }
}

/** A page that ended with a common prefix goes on behind every key of it; one that ended with the prefix itself, as a key, does not. */
function isAfter(
  key: string,
  after: string,
  { prefix, delimiter }: Pick<ListingQuery, 'prefix' | 'delimiter'>,
): boolean {
  if (!after) return true
  const isCommon = delimiter !== undefined && after.length > prefix.length && after.endsWith(delimiter)
  if (isCommon && key.startsWith(after)) return false
  return byUtf8(key, after) > 0
}
