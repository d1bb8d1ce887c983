import { randomUUID } from 'node:crypto'
import type { Answer } from './http/answer.ts'
import { dispatcher, type Routes } from './http/dispatch.ts'
import type { HttpRequest } from './http/request.ts'
import type { Handler } from './http/server.ts'
import { writeError } from './protocol/query/output.ts'
import { answerInventory, INVENTORY_PATH, json } from './inventory-endpoint.ts'
import type { Surroundings } from './protocol/query/endpoint.ts'
import type { HostedService } from './services/hosted.ts'

export interface RouteOptions {
  around: Surroundings
  /** STS and S3 among them: requests that name no service are theirs to refuse. */
  services: readonly HostedService[]
  /** What anyone may know of the server: that it is this one. Nothing secret. */
  identity: Record<string, string | number>
  /** What steers the emulator itself, by path. Default: nothing. */
  control?: Routes['control']
}

/** Every service of the account behind one handler. */
export function createRoutes({ around, services, identity, control }: RouteOptions): Handler {
  const byName = new Map(services.map((service) => [service.signingName, service.answer]))
  const [sts, s3] = [byName.get('sts'), byName.get('s3')]
  if (!sts || !s3) throw new Error('an account has STS and S3')
  return dispatcher({
    services: byName,
    unsignedQuery: sts,
    unsignedObject: s3,
    unknown: unknownService,
    open: new Map([['/_lucree/identity', () => json(200, identity)]]),
    control: control ?? new Map<never, never>(),
    own: new Map([[INVENTORY_PATH, (request, claim) => answerInventory(services, request, claim, around)]]),
  })
}

/** Clients of services with a JSON protocol read an error in JSON, all others in XML. */
function unknownService(service: string, request: HttpRequest): Answer {
  const message = `The local account has no service '${service}' yet.`
  const requestId = randomUUID()
  if (/^application\/x-amz-json/.test(request.headers['content-type'] ?? '')) {
    const answer = json(501, { __type: 'NotImplemented', message })
    return { ...answer, headers: { ...answer.headers, 'x-amzn-requestid': requestId } }
  }
  const error = { code: 'NotImplemented', message, status: 501 }
  return {
    status: 501,
    headers: { 'content-type': 'text/xml', 'x-amzn-requestid': requestId },
    body: writeError(error, requestId, ''),
  }
}
