import type { HttpRequest } from '../http/request.ts'
import { readBody } from '../http/request.ts'
import type { Claim } from '../http/authorization.ts'
import { parametersOf } from '../protocol/query/endpoint.ts'
import { addressOf } from '../services/s3/address.ts'
import { operationFor } from '../services/s3/endpoint.ts'

/** What a request on the wire asks for, as far as that is needed to tell whether a fault means it. */
export interface WireCall {
  service: string
  /** Undefined when it names none. */
  action: string | undefined
  /** Names and ids of environments in it. */
  environments: string[]
  /** The request, its body as it was. */
  request: HttpRequest
}

/** As the protocols have it; a longer one is theirs to refuse. */
const LONGEST_BODY = 1024 * 1024

/** Looks into a request without taking anything from it. Nothing is proved yet of who sent it. */
export async function readCall(request: HttpRequest, { service }: Claim): Promise<WireCall> {
  if (service === 's3') return { service, action: s3Operation(request), environments: [], request }
  const body = await readBody(request.body, LONGEST_BODY)
  const again = { ...request, body: once(body) }
  const target = request.headers['x-amz-target']
  if (typeof target === 'string') {
    return { service, action: target.split('.').at(-1), environments: [], request: again }
  }
  const parameters = readParameters(request, body)
  return {
    service,
    action: parameters.find(([name]) => name === 'Action')?.[1],
    environments: parameters.flatMap(([name, value]) =>
      /^(Source|Destination)?Environment(Name|Id)(s\.member\.\d+)?$/.test(name) ? [value] : [],
    ),
    request: again,
  }
}

async function* once(body: Buffer): AsyncGenerator<Buffer> {
  if (body.byteLength > 0) yield body
}

/** A form that can't be read names nothing; its service says what is wrong with it. */
function readParameters(request: HttpRequest, body: Buffer): [name: string, value: string][] {
  try {
    return parametersOf(request, body)
  } catch {
    return []
  }
}

function s3Operation(request: HttpRequest): string | undefined {
  try {
    return operationFor(request, addressOf(request)).name
  } catch {
    return undefined
  }
}
