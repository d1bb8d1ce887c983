import type { Answer } from './http/answer.ts'
import type { Claim } from './http/authorization.ts'
import { Refusal } from './http/refusal.ts'
import type { HttpRequest } from './http/request.ts'
import { authenticated } from './protocol/authenticated.ts'
import type { Surroundings } from './protocol/query/endpoint.ts'
import { queryError } from './protocol/query/refusals.ts'
import { inventoryOf, type HostedService } from './services/hosted.ts'

/** Where the account's inventory is read: no path of AWS's, so it is in nobody's way. */
export const INVENTORY_PATH = '/_lucree/inventory'

/**
 * Answers `{"inventory": [...]}` to a GET that the account's first user signed, for any service: what that user may see anyway, and what
 * somebody on the machine without the secret key may not. Others get `{"error": {code, message}}` with 403.
 */
export async function answerInventory(
  services: readonly HostedService[],
  request: HttpRequest,
  claim: Claim | undefined,
  around: Surroundings,
): Promise<Answer> {
  try {
    const { caller } = await authenticated(request, claim, around, 0)
    if (caller.arn !== around.account.caller.arn)
      return refused('AccessDenied', 'The inventory is shown to the first user of the account only.')
    return json(200, { inventory: await inventoryOf(services) })
  } catch (cause) {
    if (!(cause instanceof Refusal)) throw cause
    const { code, message } = queryError(cause.reason)
    return refused(code, message)
  }
}

const refused = (code: string, message: string): Answer => json(403, { error: { code, message } })

/** An answer of the emulator's own, in JSON. */
export const json = (status: number, value: object): Answer => ({
  status,
  headers: { 'content-type': 'application/json', 'cache-control': 'no-store' },
  body: JSON.stringify(value),
})
