import { ServiceError } from '../service.ts'

/** One page of a list; the token is where the next one begins. */
export function pageOf<T>(
  items: readonly T[],
  limit: number,
  token: string | undefined,
): { items: T[]; next: string | undefined } {
  const start = token === undefined ? 0 : Number(token)
  if (!Number.isInteger(start) || start < 0)
    throw new ServiceError('InvalidParameterException', 'The specified nextToken is invalid.')
  const end = start + limit
  return { items: items.slice(start, end), next: end < items.length ? String(end) : undefined }
}
