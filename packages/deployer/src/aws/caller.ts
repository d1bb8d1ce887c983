import type { Connection } from './connection.ts'
import { translated } from './translate-error.ts'

/** {@link translated} for the calls of one connection. */
export function caller(connection: Connection) {
  return <T>(operation: string, signal: AbortSignal | undefined, call: () => Promise<T>) =>
    translated(connection, operation, signal, call)
}

/** Whether the service answered with one of these codes; the SDK gives some of them the suffix `Exception`. */
export function answered(error: unknown, ...codes: string[]): boolean {
  const name = error instanceof Error ? error.name.replace(/Exception$/, '') : ''
  return codes.includes(name)
}

/** What a call gives, or `otherwise` when the service answers with one of these codes. */
export async function unless<T, U>(codes: string[], otherwise: U, call: () => Promise<T>): Promise<T | U> {
  try {
    return await call()
  } catch (error) {
    if (answered(error, ...codes)) return otherwise
    throw error
  }
}

/** Reads every page of one of the SDK's paginators. */
export async function collected<Page, Item>(
  pages: AsyncIterable<Page>,
  items: (page: Page) => Item[] | undefined,
  signal: AbortSignal | undefined,
): Promise<Item[]> {
  const found: Item[] = []
  for await (const page of pages) {
    signal?.throwIfAborted()
    found.push(...(items(page) ?? []))
  }
  return found
}
