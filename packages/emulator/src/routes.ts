import { randomUUID } from 'node:crypto'
import type { Answer } from './http/answer.ts'
import { dispatcher, type ServiceHandler } from './http/dispatch.ts'
import type { HttpRequest } from './http/request.ts'
import type { Handler } from './http/server.ts'
import { answerQuery, type Surroundings } from './protocol/query/endpoint.ts'
import { writeError } from './protocol/query/output.ts'
import type { DiskStore } from './services/s3/disk/store.ts'
import { answerS3 } from './services/s3/endpoint.ts'
import type { QueryService } from './services/service.ts'
import { sts } from './services/sts/index.ts'

export interface RouteOptions {
  around: Surroundings
  store: DiskStore
  /** Services of the query protocol beside STS. */
  queryServices: QueryService[]
  /** What anyone may know of the server: that it is this one. Nothing secret. */
  identity: Record<string, string | number>
}

/** Every service of the account behind one handler. */
export function createRoutes({ around, store, queryServices, identity }: RouteOptions): Handler {
  const object: ServiceHandler = (request, claim, fault) => answerS3(store, request, claim, around, fault)
  const query =
    (service: QueryService): ServiceHandler =>
    (request, claim, fault) =>
      answerQuery(service, request, claim, around, fault)
  const services = new Map([sts, ...queryServices].map((service) => [service.signingName, query(service)]))
  return dispatcher({
    services: services.set('s3', object),
    unsignedQuery: query(sts),
    unsignedObject: object,
    unknown: unknownService,
    open: new Map([['/_lucree/identity', () => json(200, identity)]]),
  })
}

const json = (status: number, value: object): Answer => ({
  status,
  headers: { 'content-type': 'application/json', 'cache-control': 'no-store' },
  body: JSON.stringify(value),
})

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
