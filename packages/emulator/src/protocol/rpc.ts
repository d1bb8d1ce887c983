import { randomUUID } from 'node:crypto'
import type { Account } from '../account.ts'
import type { Access } from '../authorization/access.ts'
import { authorize, Denied, type Need } from '../authorization/authorize.ts'
import { denialOf } from '../authorization/words.ts'
import type { Clock } from '../clock.ts'
import type { Answer } from '../http/answer.ts'
import type { Claim } from '../http/authorization.ts'
import { Refusal } from '../http/refusal.ts'
import { BodyTooLarge, isGone, serviceTime, type HttpRequest } from '../http/request.ts'
import type { Log } from '../log.ts'
import type { Scenario } from '../scenario.ts'
import { ServiceError, type Action } from '../services/service.ts'
import { authenticated } from './authenticated.ts'
import { queryError } from './query/refusals.ts'
import { operationOf, type Operation } from './schema.ts'

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

/** A service whose every call is one operation by name, whatever it is written in. */
export interface RpcService {
  /** The name in the signature's credential scope. */
  signingName: string
  /** The operation schemas that the SDK package exports; a large SDK is loaded by the first request. */
  schemas: Record<string, unknown> | (() => Promise<Record<string, unknown>>)
  actions: Record<string, Action>
  /** As in a query service. */
  needs?: (operation: string, input: Record<string, unknown>) => readonly Need[] | Promise<readonly Need[]>
}

/** How a protocol writes a call, its answer and an error. */
export interface Dialect {
  /** The operation that a request names, and how its input is read once the operation is known. */
  read(
    request: HttpRequest,
    body: Buffer,
  ): { name: string | undefined; input: (operation: Operation) => Record<string, unknown> }
  /** What is answered to a name that isn't in the model. */
  unknown(name: string | undefined): ServiceError
  result(operation: Operation, output: unknown, requestId: string): Pick<Answer, 'headers' | 'body'>
  error(error: ServiceError, requestId: string): Pick<Answer, 'headers' | 'body'>
}

/** Answers one request, whatever happens: an unexpected failure is an InternalFailure and a line in the log. */
export async function answerRpc(
  dialect: Dialect,
  service: RpcService,
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
    const { name, input: inputOf } = dialect.read(request, body)
    const { action, operation } = await chosen(dialect, service, name)
    about += `:${operation.name}`
    const input = inputOf(operation)
    const itself = `${service.signingName}:${operation.name}`
    const needs = await service.needs?.(operation.name, input)
    authorize(caller, needs ?? [{ action: itself, resource: '*' }], around)
    const call = {
      ...{ action: operation.name, requestId, region: around.region, caller },
      ...{ endpoint: `http://${request.host}`, at: serviceTime(request, around.clock) },
    }
    const output = await (action as Action<Record<string, unknown>>)(input, call)
    return { status: 200, ...dialect.result(operation, output, requestId), about }
  } catch (cause) {
    const error = cause instanceof Denied ? denialOf(service.signingName, cause) : asServiceError(cause)
    if (error.status >= 500)
      around.log(`${requestId} ${cause instanceof Error ? cause.stack : String(cause)}`)
    return { status: error.status, ...dialect.error(error, requestId), about: `${about} ${error.code}` }
  }
}

async function chosen(
  dialect: Dialect,
  { signingName, schemas, actions }: RpcService,
  name: string | undefined,
): Promise<{ action: Action; operation: Operation }> {
  const all = typeof schemas === 'function' ? await schemas() : schemas
  const schema = name !== undefined && Object.hasOwn(all, name) ? all[name] : undefined
  if (name === undefined || !schema) throw dialect.unknown(name)
  const action = Object.hasOwn(actions, name) ? actions[name] : undefined
  if (!action) {
    throw new ServiceError(
      'NotImplemented',
      `The local account does not know ${signingName}:${name} yet.`,
      501,
    )
  }
  return { action, operation: operationOf(schema) }
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
