import { invalid } from './errors.ts'

export interface PageInput {
  Marker?: string | undefined
  MaxItems?: number | undefined
}

/** One page of a list, in the members that IAM's answers have for it; `name` is the list's own. Throws ServiceError `ValidationError`. */
export function page<Name extends string, Item>(
  name: Name,
  items: readonly Item[],
  { Marker, MaxItems = 100 }: PageInput,
): Record<Name, Item[]> & { IsTruncated: boolean; Marker?: string } {
  const start = Marker === undefined ? 0 : Number(Buffer.from(Marker, 'base64').toString())
  if (!Number.isInteger(start) || start < 0) throw invalid(`Invalid Marker.`)
  if (MaxItems < 1 || MaxItems > 1000)
    throw invalid(
      `1 validation error detected: Value '${MaxItems}' at 'maxItems' failed to satisfy constraint: Member must have value less than or equal to 1000`,
    )
  const end = start + MaxItems
  const more = end < items.length
  return {
    [name]: items.slice(start, end),
    IsTruncated: more,
    ...(more ? { Marker: Buffer.from(String(end)).toString('base64') } : {}),
  } as Record<Name, Item[]> & { IsTruncated: boolean; Marker?: string }
}
