import type { ServiceHandler } from '../http/dispatch.ts'

/** Something that knows what the account's users have made in it. */
export interface Inventoried {
  /** ARNs, or `s3://bucket/key` for an object; in any order. What AWS itself owns is left out. */
  inventory(): string[] | Promise<string[]>
}

/** A service as the server hosts it: its name in the signature's scope, what answers its requests, and what it holds. */
export interface HostedService extends Partial<Inventoried> {
  signingName: string
  answer: ServiceHandler
}

/** Everything that the users of the account have made and not removed, over all its services: sorted, each once. */
export async function inventoryOf(services: readonly Partial<Inventoried>[]): Promise<string[]> {
  const held = await Promise.all(services.map(async (service) => (await service.inventory?.()) ?? []))
  return [...new Set(held.flat())].sort()
}
