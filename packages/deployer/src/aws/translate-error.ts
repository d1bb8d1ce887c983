import { CloudError, LucreeError, PermissionError } from '../errors.ts'
import type { Connection } from './connection.ts'

/** What is known of an error that the SDK threw, whatever class it has. */
interface SdkError {
  name?: string
  message?: string
  code?: string
  $fault?: 'client' | 'server'
  $metadata?: { httpStatusCode?: number; attempts?: number }
}

const CREDENTIALS = new Map([
  ['CredentialsProviderError', 'no AWS credentials were found'],
  ['TokenProviderError', 'the SSO session is over'],
  ['ExpiredToken', 'the credentials have expired'],
  ['ExpiredTokenException', 'the credentials have expired'],
  ['InvalidClientTokenId', 'AWS does not know this access key'],
  ['InvalidAccessKeyId', 'AWS does not know this access key'],
  ['UnrecognizedClientException', 'AWS does not know this access key'],
  ['AuthFailure', 'AWS could not validate the access key'],
  ['SignatureDoesNotMatch', 'the secret key does not belong to the access key'],
  ['MissingAuthenticationToken', 'the request carried no credentials'],
  ['RequestTimeTooSkewed', "this machine's clock differs too much from AWS's"],
  ['RequestExpired', "this machine's clock differs too much from AWS's"],
])
const DENIED =
  /^(AccessDenied|AccessDeniedException|Forbidden|InsufficientPrivileges(Exception)?|UnauthorizedOperation|AllAccessDisabled)$/
const THROTTLED =
  /^(Throttling|ThrottlingException|ThrottledException|RequestLimitExceeded|TooManyRequestsException|SlowDown)$/
const UNREACHABLE = new Set([
  'ECONNREFUSED',
  'ECONNRESET',
  'EPIPE',
  'ENOTFOUND',
  'EAI_AGAIN',
  'ETIMEDOUT',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'UND_ERR_SOCKET',
  'UND_ERR_CONNECT_TIMEOUT',
  'UND_ERR_HEADERS_TIMEOUT',
  'UND_ERR_BODY_TIMEOUT',
])

/** Runs one call and throws what it throws as a {@link LucreeError}; an abort keeps the signal's own reason. */
export async function translated<T>(
  connection: Connection,
  operation: string,
  signal: AbortSignal | undefined,
  call: () => Promise<T>,
): Promise<T> {
  try {
    return await call()
  } catch (error) {
    if (signal?.aborted) throw signal.reason
    throw translate(connection, operation, error)
  }
}

/** One SDK error in lucree's words. `operation` is the action's name, such as `CreateEnvironment`. */
export function translate(connection: Connection, operation: string, thrown: unknown): LucreeError {
  if (thrown instanceof LucreeError) return thrown
  const error = thrown as SdkError
  const name = error.name ?? 'Error'
  const credentials = CREDENTIALS.get(name)
  if (credentials) return credentialsError(connection, operation, name, credentials, thrown)
  if (DENIED.test(name) || (error.$metadata?.httpStatusCode === 403 && name === '403')) {
    return deniedError(operation, error, thrown)
  }
  const lost = connectionLost(error)
  if (lost) return unreachable(connection, operation, lost, thrown)
  const transient =
    THROTTLED.test(name) || error.$fault === 'server' || (error.$metadata?.httpStatusCode ?? 0) >= 500
  return new CloudError(`${operation} was refused`, {
    code: `LUC-AWS-${name.replace(/Exception$|Error$/, '') || 'ERROR'}`,
    awsCode: name,
    transient,
    ...why(error),
    cause: thrown,
  })
}

/** Names the right that is missing as a policy spells it, when the service's own words tell (`…is not authorized to perform: iam:CreateRole on …`). */
function deniedError(operation: string, error: SdkError, cause: unknown): PermissionError {
  const action = /is not authorized to perform: ([\w-]+:\w+)/.exec(error.message ?? '')?.[1]
  return new PermissionError(`${action ?? operation} is not allowed`, {
    code: 'LUC-AWS-DENIED',
    ...why(error),
    hints: [
      'lucree doctor --policy   # a policy with every right that lucree needs, for an administrator to attach',
      'aws sts get-caller-identity   # who these credentials are',
    ],
    cause,
  })
}

function why(error: SdkError): { why?: string } {
  return error.message ? { why: error.message } : {}
}

function credentialsError(
  connection: Connection,
  operation: string,
  name: string,
  reason: string,
  cause: unknown,
) {
  const hints = connection.endpoint
    ? ['lucree local status   # the server that answers there may not be the one lucree started']
    : [
        ...(connection.profile
          ? ['aws configure list-profiles   # is it there?', `aws sso login --profile ${connection.profile}`]
          : ['aws configure   # or set AWS_PROFILE']),
        'the same command with --local needs no AWS account',
      ]
  return new PermissionError(`${operation} could not be signed in`, {
    code: `LUC-AWS-${name}`,
    why: reason,
    hints,
    cause,
  })
}

/** The system's code for a connection that failed or was lost, also when the SDK wrapped it. */
function connectionLost(error: SdkError & { cause?: unknown; errors?: unknown[] }): string | undefined {
  if (error.code && UNREACHABLE.has(error.code)) return error.code
  if (error.name === 'TimeoutError') return 'TimeoutError'
  for (const inner of [error.cause, ...(error.errors ?? [])]) {
    const found = inner ? connectionLost(inner) : undefined
    if (found) return found
  }
  return undefined
}

function unreachable(connection: Connection, operation: string, lost: string, cause: unknown): CloudError {
  if (connection.endpoint) {
    // A server on this machine that refuses a connection is gone; asking again won't bring it back, the next command does.
    return new CloudError('The embedded Beanstalk does not answer', {
      code: 'LUC-LOCAL-GONE',
      awsCode: undefined,
      transient: false,
      why: `${operation} got ${lost} from ${connection.endpoint}; the server has ended or was killed`,
      hints: ['lucree deploy --local   # starts it again and carries on', 'lucree local status'],
      cause,
    })
  }
  return new CloudError('AWS could not be reached', {
    code: 'LUC-AWS-UNREACHABLE',
    awsCode: undefined,
    transient: true,
    why: `${operation} in ${connection.region} ended with ${lost}`,
    hints: ['check the network, and that the region exists: --region'],
    cause,
  })
}
