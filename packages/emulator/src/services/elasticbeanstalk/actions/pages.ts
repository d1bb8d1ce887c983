import { invalidValue } from '../errors.ts'

/** One page of a list, and the token of the next one. A token is where the next page begins. */
export function pageOf<T>(
  all: readonly T[],
  max: number | undefined,
  token: string | undefined,
): { items: T[]; NextToken?: string } {
  const start = token === undefined ? 0 : readToken(token)
  const end = max === undefined ? all.length : Math.min(all.length, start + max)
  const items = all.slice(start, end)
  return end < all.length ? { items, NextToken: writeToken(end) } : { items }
}

export function writeToken(position: number): string {
  return Buffer.from(String(position)).toString('base64url')
}

export function readToken(token: string): number {
  const position = Buffer.from(token, 'base64url').toString()
  if (!/^\d{1,15}$/.test(position)) throw invalidValue(`Invalid NextToken: ${token}`)
  return Number(position)
}
