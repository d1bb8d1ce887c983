import { randomBytes } from 'node:crypto'
import * as sdk from '@aws-sdk/client-s3'
import { authorize, Denied } from '../../authorization/authorize.ts'
import type { Answer } from '../../http/answer.ts'
import type { Claim } from '../../http/authorization.ts'
import { Refusal } from '../../http/refusal.ts'
import {
  BodyTooLarge,
  headerOf,
  isGone,
  readBody,
  serviceTime,
  type HttpRequest,
} from '../../http/request.ts'
import { checkClaim, verifySignature } from '../../http/signature.ts'
import type { Surroundings } from '../../protocol/query/endpoint.ts'
import { operationSchemas, type Operation } from '../../protocol/schema.ts'
import { payloadMember, readBound, readPayload, UnreadableInput } from '../../protocol/rest-xml/input.ts'
import { writeOutput } from '../../protocol/rest-xml/output.ts'
import { router } from '../../protocol/rest-xml/route.ts'
import { ServiceError } from '../service.ts'
import type { S3Action, S3Call } from './action.ts'
import { actions } from './actions/index.ts'
import { addressOf, type Address } from './address.ts'
import { openBody, payloadHashOf } from './body.ts'
import { chunkSigner } from './chunk-signer.ts'
import type { DiskStore } from './disk/store.ts'
import { errorDocument } from './error-document.ts'
import { accessDenied, noSuchBucket, S3Error } from './errors.ts'
import { s3Refusal } from './refusals.ts'
import { deletionsOf, needsOf } from './rights.ts'

const NAMESPACE = 'http://s3.amazonaws.com/doc/2006-03-01/'
/** The longest document: DeleteObjects with a thousand keys of a kilobyte. */
const LONGEST_DOCUMENT = 4 * 1024 * 1024

const route = router(operationSchemas(sdk))

/** Answers one request to S3, whatever happens: an unexpected failure is an InternalError and a line in the log. */
export async function answerS3(
  store: DiskStore,
  request: HttpRequest,
  claim: Claim | undefined,
  around: Surroundings,
  fault?: Refusal,
): Promise<Answer> {
  const requestId = randomBytes(8).toString('hex').toUpperCase()
  const hostId = randomBytes(32).toString('base64')
  const ids = { 'x-amz-request-id': requestId, 'x-amz-id-2': hostId, server: 'AmazonS3' }
  try {
    if (fault) throw fault
    const answer = await answered(store, request, claim, around)
    return { ...answer, headers: { ...ids, ...answer.headers } }
  } catch (cause) {
    const error = asS3Error(cause)
    if (error.status >= 500)
      around.log(`${requestId} ${cause instanceof Error ? cause.stack : String(cause)}`)
    const headers = {
      ...ids,
      ...(error.details['Region'] ? { 'x-amz-bucket-region': error.details['Region'] } : {}),
    }
    // neither an answer to HEAD nor "not modified" has a body
    if (request.method === 'HEAD' || error.status === 304)
      return { status: error.status, headers, about: error.code }
    const body = errorDocument(error, { resource: request.path, requestId, hostId })
    return {
      status: error.status,
      headers: { ...headers, 'content-type': 'application/xml' },
      body,
      about: error.code,
    }
  }
}

async function answered(
  store: DiskStore,
  request: HttpRequest,
  claim: Claim | undefined,
  around: Surroundings,
) {
  if (!claim) throw new Refusal({ kind: 'unsigned' })
  const { account, access, region, clock } = around
  const holder = access.holderOf(claim.accessKeyId)
  const { credentials, caller } = checkClaim(claim, holder, region, serviceTime(request, clock))
  checkHeaders(request, claim)
  const payloadHash = payloadHashOf(request, claim)
  await verifySignature(request, claim, credentials, payloadHash)

  const address = addressOf(request)
  const operation = operationFor(request, address)
  const action = Object.hasOwn(actions, operation.name)
    ? actions[operation.name as keyof typeof actions]
    : undefined
  if (!action) {
    throw new S3Error('NotImplemented', `The local account does not know s3:${operation.name} yet.`, 501)
  }
  authorize(caller, needsOf(operation.name, address, request), around)
  const body = openBody({
    request,
    payloadHash,
    checked: operation.name !== 'CompleteMultipartUpload',
    signer: chunkSigner(claim, credentials),
  })
  const call: S3Call = {
    store,
    clock,
    region,
    accountId: account.accountId,
    body,
    endpoint: `http://${request.host}`,
  }
  const input = await readInput(operation, request, address, call)
  if (operation.name === 'DeleteObjects') {
    const { Objects = [] } = (input['Delete'] ?? {}) as { Objects?: { Key?: string }[] }
    authorize(
      caller,
      deletionsOf(
        address,
        Objects.flatMap(({ Key }) => Key ?? []),
      ),
      around,
    )
  }
  const result = await (action as S3Action<Record<string, unknown>>)(input, call)
  const status = result.status ?? operation.http?.status ?? 200
  if (result.raw !== undefined) {
    return { status, headers: { 'content-type': 'application/xml' }, body: result.raw }
  }
  const written = writeOutput(operation, result.output, NAMESPACE)
  return { status, ...written }
}

/** Every `x-amz-` header has to be part of the signature, or anyone on the way could add one. */
function checkHeaders(request: HttpRequest, claim: Claim): void {
  if (request.headers['x-amz-security-token'] || request.query.has('X-Amz-Security-Token')) {
    throw new Refusal({ kind: 'session-token' })
  }
  const names = Object.keys(request.headers).filter(
    (name) => name.startsWith('x-amz-') && !claim.signedHeaders.includes(name),
  )
  if (names.length) throw new Refusal({ kind: 'headers-unsigned', names })
}

/** The operation that a request asks for. Throws an S3Error when it is none. */
export function operationFor(request: HttpRequest, address: Address): Operation {
  const operation = route({
    method: request.method,
    bucket: address.bucket !== undefined,
    key: address.key !== undefined,
    query: request.query,
    hasHeader: (name) => headerOf(request.headers, name) !== undefined,
  })
  if (operation) return operation
  throw new S3Error('MethodNotAllowed', 'The specified method is not allowed against this resource.', 405, {
    Method: request.method,
  })
}

async function readInput(operation: Operation, request: HttpRequest, address: Address, call: S3Call) {
  if (!operation.input.isStructSchema()) return {}
  const headers = Object.fromEntries(
    Object.keys(request.headers).map((name) => [name, headerOf(request.headers, name) ?? '']),
  )
  const labels = { Bucket: address.bucket, Key: address.key }
  const input = readBound(operation.input, { labels, query: request.query, headers })
  if (address.bucket) await checkBucket(address.bucket, input, operation, call)
  const payload = payloadMember(operation.input)
  if (payload && !payload.member.isStreaming()) {
    input[payload.name] = readPayload(payload.member, await readBody(call.body.stream, LONGEST_DOCUMENT))
  }
  return input
}

/** A bucket has to be there, and be of whom the client says, before anything else is looked at. */
async function checkBucket(
  bucket: string,
  input: Record<string, unknown>,
  operation: Operation,
  call: S3Call,
) {
  if (operation.name === 'CreateBucket') return
  if (!(await call.store.bucketExists(bucket))) throw noSuchBucket(bucket)
  const expected = input['ExpectedBucketOwner']
  if (expected !== undefined && expected !== call.accountId) throw accessDenied()
}

function asS3Error(cause: unknown): S3Error {
  if (cause instanceof S3Error) return cause
  // S3 puts the resource between quotes
  if (cause instanceof Denied)
    return accessDenied(cause.message.replace(/ on resource: (\S+)/, ' on resource: "$1"'))
  if (cause instanceof ServiceError) return new S3Error(cause.code, cause.message, cause.status)
  if (cause instanceof Refusal) return s3Refusal(cause.reason)
  if (cause instanceof BodyTooLarge)
    return new S3Error('MaxMessageLengthExceeded', 'Your request was too large.')
  if (cause instanceof UnreadableInput) return unreadable(cause)
  if (isGone(cause))
    return new S3Error('IncompleteBody', 'The connection was closed before the body was complete.')
  if ((cause as NodeJS.ErrnoException).code === 'ENOSPC') {
    return new S3Error(
      'InsufficientStorage',
      'No space is left on the disk that holds the local account.',
      507,
    )
  }
  return new S3Error('InternalError', 'We encountered an internal error. Please try again.', 500)
}

const unreadable = ({ where }: UnreadableInput): S3Error =>
  where === undefined
    ? new S3Error(
        'MalformedXML',
        'The XML you provided was not well-formed or did not validate against our published schema',
      )
    : new S3Error('InvalidArgument', `The value of ${where} can't be read.`, 400, { ArgumentName: where })
