import type { Answer } from './answer.ts'
import { readClaim, type Claim } from './authorization.ts'
import { isLoopbackHost } from './host.ts'
import { Refusal } from './refusal.ts'
import type { HttpRequest } from './request.ts'
import type { Handler } from './server.ts'

/** Answers requests of one service; the claim is absent when the request isn't signed, or wrong in its form. */
export type ServiceHandler = (
  request: HttpRequest,
  claim: Claim | undefined,
  fault?: Refusal,
) => Promise<Answer>

export interface Routes {
  /** By the name in the signature's scope. */
  services: Map<string, ServiceHandler>
  /** Where a request goes that names no service: to a query service (a form, or `Action` in the URL), or to S3. */
  unsignedQuery: ServiceHandler
  unsignedObject: ServiceHandler
  /** A service that this account doesn't have. */
  unknown: (service: string, request: HttpRequest) => Answer
  /** Requests that need no signature, by path. */
  open: Map<string, () => Answer>
  /** Requests that steer the emulator itself and check on their own who may, by path; of every method. */
  control: Map<string, (request: HttpRequest) => Promise<Answer>>
  /** Requests about the emulator itself that check their signature on their own, by path. */
  own: Map<string, ServiceHandler>
}

/** One port for all services: the signature says which is meant. */
export function dispatcher(routes: Routes): Handler {
  return async (request) => {
    if (!isLoopbackHost(request.host)) return wrongHost(request.host)
    const open = request.method === 'GET' ? routes.open.get(request.path) : undefined
    if (open) return open()
    const control = routes.control.get(request.path)
    if (control) return control(request)
    const claim = claimOf(request)
    const own = request.method === 'GET' ? routes.own.get(request.path) : undefined
    if (own) return claim instanceof Refusal ? own(request, undefined, claim) : own(request, claim)
    if (!claim || claim instanceof Refusal) {
      const handler = isQuery(request) ? routes.unsignedQuery : routes.unsignedObject
      return handler(request, undefined, claim)
    }
    const handler = routes.services.get(claim.service)
    return handler ? handler(request, claim) : routes.unknown(claim.service, request)
  }
}

function claimOf(request: HttpRequest): Claim | Refusal | undefined {
  try {
    return readClaim(request)
  } catch (cause) {
    if (cause instanceof Refusal) return cause
    throw cause
  }
}

const isQuery = (request: HttpRequest): boolean =>
  request.query.has('Action') ||
  (request.method === 'POST' &&
    /^application\/x-www-form-urlencoded/i.test(request.headers['content-type'] ?? ''))

const wrongHost = (host: string): Answer => ({
  status: 403,
  headers: { 'content-type': 'text/plain; charset=utf-8' },
  body: `This server answers to localhost and 127.0.0.1 only, not to ${JSON.stringify(host.slice(0, 255))}.\n`,
})
