import { createHash, randomUUID } from 'node:crypto'
import type { Answer } from '../../http/answer.ts'
import type { Claim } from '../../http/authorization.ts'
import { Refusal } from '../../http/refusal.ts'
import { BodyTooLarge, isGone, readBody, type HttpRequest } from '../../http/request.ts'
import { checkClaim, verifySignature } from '../../http/signature.ts'
import type { Account } from '../../account.ts'
import type { Clock } from '../../clock.ts'
import type { Log } from '../../log.ts'
import type { Scenario } from '../../scenario.ts'
import { ServiceError, type Action, type Call, type QueryService } from '../../services/service.ts'
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
    const parameters = await authenticated(request, claim, around)
    const { action, operation } = chosen(service, parameters)
    about += `:${operation.name}`
    const input = readInput(operation.input, asTree(parameters))
    const call = callOf(operation.name, requestId, request, around)
    const output = await (action as Action<Record<string, unknown>>)(input, call)
    return {
      ...xml(200, writeResult(operation, output, requestId, service.xmlNamespace), requestId),
      about,
    }
  } catch (cause) {
    const error = asServiceError(cause)
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

/** The request's parameters, once its signature is proved. They come in the body, or in the URL of a GET. */
async function authenticated(
  request: HttpRequest,
  claim: Claim | undefined,
  { account, region, clock }: Surroundings,
): Promise<Parameters> {
  if (!claim) throw new Refusal({ kind: 'unsigned' })
  checkClaim(claim, account.credentials, region, clock.now())
  if (request.headers['x-amz-security-token'] || request.query.has('X-Amz-Security-Token')) {
    throw new Refusal({ kind: 'session-token' })
  }
  const body = await readBody(request.body, LONGEST_BODY)
  const payloadHash = createHash('sha256').update(body).digest('hex')
  await verifySignature(request, claim, account.credentials, payloadHash)
  if (request.method === 'POST') return readForm(body)
  return [...request.query].filter(([name]) => !name.startsWith('X-Amz-'))
}

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

function callOf(action: string, requestId: string, request: HttpRequest, around: Surroundings): Call {
  const { accountId, caller } = around.account
  return {
    action,
    requestId,
    region: around.region,
    caller: { accountId, ...caller },
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
