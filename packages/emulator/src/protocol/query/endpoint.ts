import { randomUUID } from 'node:crypto'
import type { Access } from '../../authorization/access.ts'
import { authorize, Denied, type Need } from '../../authorization/authorize.ts'
import { denialOf } from '../../authorization/words.ts'
import type { Answer } from '../../http/answer.ts'
import type { Claim } from '../../http/authorization.ts'
import { Refusal } from '../../http/refusal.ts'
import { BodyTooLarge, isGone, type HttpRequest } from '../../http/request.ts'
import type { Account } from '../../account.ts'
import type { Clock } from '../../clock.ts'
import type { Log } from '../../log.ts'
import type { Scenario } from '../../scenario.ts'
import {
  ServiceError,
  type Action,
  type Call,
  type Caller,
  type QueryService,
} from '../../services/service.ts'
import { authenticated } from '../authenticated.ts'
import { operationOf, type Operation } from '../schema.ts'
import { asTree, readForm } from './form.ts'
import { readInput } from './input.ts'
import { writeError, writeResult } from './output.ts'
import { queryError } from './refusals.ts'

/** No request of these services comes near it; Beanstalk's longest carries some hundred option settings. */
const LONGEST_BODY = 1024 * 1024

/** What an answer is given in: the account, its region, the time. */
export interface Surroundings {
  account: Account
  /** What kind of account it is. */
  scenario: Scenario
  /** Whose access keys are whose, and who may do what. */
  access: Access
  region: string
  clock: Clock
  log: Log
}

type Parameters = [name: string, value: string][]

/** Answers one request to a service of the query protocol, whatever happens: an unexpected failure is an InternalFailure and a line in the log. */
export async function answerQuery(
  service: QueryService,
  request: HttpRequest,
  claim: Claim | undefined,
  around: Surroundings,
  fault?: Refusal,
): Promise<Answer> {
  const requestId = randomUUID()
  let about = service.signingName
  try {
    if (fault) throw fault
    const { caller, body } = await authenticated(request, claim, around, LONGEST_BODY)
    const parameters = parametersOf(request, body)
    const { action, operation } = chosen(service, parameters)
    about += `:${operation.name}`
    const input = readInput(operation.input, asTree(parameters))
    authorize(caller, await needsOf(service, operation.name, input), around)
    const call = callOf(operation.name, requestId, request, caller, around)
    const output = await (action as Action<Record<string, unknown>>)(input, call)
    return {
      ...xml(200, writeResult(operation, output, requestId, service.xmlNamespace), requestId),
      about,
    }
  } catch (cause) {
    const error = cause instanceof Denied ? denialOf(service.signingName, cause) : asServiceError(cause)
    if (error.status >= 500)
      around.log(`${requestId} ${cause instanceof Error ? cause.stack : String(cause)}`)
    return {
      ...xml(error.status, writeError(error, requestId, service.xmlNamespace), requestId),
      about: `${about} ${error.code}`,
    }
  }
}

const xml = (status: number, body: string, requestId: string): Answer => ({
  status,
  headers: { 'content-type': 'text/xml', 'x-amzn-requestid': requestId },
  body,
})

/** The request's parameters. They come in the body, or in the URL of a GET. */
const parametersOf = (request: HttpRequest, body: Uint8Array): Parameters =>
  request.method === 'POST'
    ? readForm(body)
    : [...request.query].filter(([name]) => !name.startsWith('X-Amz-'))

/** What a service says that its caller must be allowed; else the action itself, on anything. */
export const needsOf = async (
  { signingName, needs }: Pick<QueryService, 'signingName' | 'needs'>,
  operation: string,
  input: Record<string, unknown>,
): Promise<readonly Need[]> =>
  (await needs?.(operation, input)) ?? [{ action: `${signingName}:${operation}`, resource: '*' }]

function chosen(service: QueryService, parameters: Parameters): { action: Action; operation: Operation } {
  const given = new Map(parameters)
  const name = given.get('Action')
  const version = given.get('Version')
  if (!name) throw new ServiceError('MissingAction', 'The request must contain the parameter Action.')
  const schema = Object.hasOwn(service.schemas, name) ? service.schemas[name] : undefined
  if (!schema || version !== service.apiVersion) {
    throw new ServiceError(
      'InvalidAction',
      `Could not find operation ${name} for version ${version ?? '(none)'}`,
    )
  }
  const action = Object.hasOwn(service.actions, name) ? service.actions[name] : undefined
  if (!action) {
    throw new ServiceError(
      'NotImplemented',
      `The local account does not know ${service.signingName}:${name} yet.`,
      501,
    )
  }
  return { action, operation: operationOf(schema) }
}

function callOf(
  action: string,
  requestId: string,
  request: HttpRequest,
  caller: Caller,
  { region }: Surroundings,
): Call {
  return {
    action,
    requestId,
    region,
    caller,
    endpoint: `http://${request.host}`,
  }
}

function asServiceError(cause: unknown): ServiceError {
  if (cause instanceof ServiceError) return cause
  if (cause instanceof Refusal) return queryError(cause.reason)
  if (cause instanceof BodyTooLarge)
    return new ServiceError('RequestEntityTooLarge', cause.message, 413, { cause })
  if (isGone(cause))
    return new ServiceError('IncompleteBody', 'The connection was closed before the body was complete.')
  const message = 'The request processing has failed because of an unknown error, exception or failure.'
  return new ServiceError('InternalFailure', message, 500, { cause })
}
