import type { Answer } from '../../http/answer.ts'
import type { Claim } from '../../http/authorization.ts'
import type { Refusal } from '../../http/refusal.ts'
import type { HttpRequest } from '../../http/request.ts'
import { ServiceError, type QueryService } from '../../services/service.ts'
import { answerRpc, type Dialect, type Surroundings } from '../rpc.ts'
import { asTree, readForm } from './form.ts'
import { readInput } from './input.ts'
import { writeError, writeResult } from './output.ts'

export type { Surroundings } from '../rpc.ts'

/** Answers one request to a service of the query protocol, see {@link answerRpc}. */
export const answerQuery = (
  service: QueryService,
  request: HttpRequest,
  claim: Claim | undefined,
  around: Surroundings,
  fault?: Refusal,
): Promise<Answer> => answerRpc(queryDialect(service), service, request, claim, around, fault)

/** The query protocol: a form in, XML out. */
const queryDialect = ({ apiVersion, xmlNamespace }: QueryService): Dialect => ({
  read(request, body) {
    const parameters = parametersOf(request, body)
    const given = new Map(parameters)
    const [name, version] = [given.get('Action'), given.get('Version')]
    if (name && version !== apiVersion) throw unknownOperation(name, version)
    return { name, input: (operation) => readInput(operation.input, asTree(parameters)) }
  },
  unknown: (name) =>
    name
      ? unknownOperation(name, apiVersion)
      : new ServiceError('MissingAction', 'The request must contain the parameter Action.'),
  result: (operation, output, requestId) =>
    xml(writeResult(operation, output, requestId, xmlNamespace), requestId),
  error: (error, requestId) => xml(writeError(error, requestId, xmlNamespace), requestId),
})

const unknownOperation = (name: string, version: string | undefined) =>
  new ServiceError('InvalidAction', `Could not find operation ${name} for version ${version ?? '(none)'}`)

/** The request's parameters. They come in the body, or in the URL of a GET. */
export const parametersOf = (request: HttpRequest, body: Uint8Array): [name: string, value: string][] =>
  request.method === 'POST'
    ? readForm(body)
    : [...request.query].filter(([name]) => !name.startsWith('X-Amz-'))

const xml = (body: string, requestId: string): Pick<Answer, 'headers' | 'body'> => ({
  headers: { 'content-type': 'text/xml', 'x-amzn-requestid': requestId },
  body,
})
