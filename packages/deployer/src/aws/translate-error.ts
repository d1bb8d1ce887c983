import { CloudError, LucreeError, PermissionError, UsageError } from '../errors.ts'
import type { Connection } from './connection.ts'
import { credentialsError, NO_CREDENTIALS } from './credentials-error.ts'
import { isKnownRegion, nearestRegion } from './regions.ts'

/** What is known of an error that the SDK threw, whatever class it has. */
interface SdkError {
  name?: string
  message?: string
  code?: string
  $fault?: 'client' | 'server'
  $metadata?: { httpStatusCode?: number; attempts?: number }
}

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
    throw await explained(connection, translate(connection, operation, error))
  }
}

/** The SDK says only that there are no credentials; the configuration files may tell why. They are read when that has happened. */
async function explained(connection: Connection, failure: LucreeError): Promise<LucreeError> {
  const untold = failure.code === NO_CREDENTIALS && /no AWS credentials/.test(failure.why ?? '')
  if ((!untold && failure.code !== 'LUC-AWS-Type') || connection.endpoint) return failure
  const { profileProblem } = await import('./profile-problem.ts')
  return (await profileProblem(connection.profile)) ?? failure
}

/** One SDK error in lucree's words. `operation` is the action's name, such as `CreateEnvironment`. */
export function translate(connection: Connection, operation: string, thrown: unknown): LucreeError {
  if (thrown instanceof LucreeError) return thrown
  const error = thrown as SdkError
  const name = error.name ?? 'Error'
  const credentials = credentialsError(connection, operation, error)
  if (credentials) return credentials
  if (DENIED.test(name) || isBare403(error)) return deniedError(operation, error, thrown)
  if (/^Region not accepted/.test(error.message ?? '')) return noSuchRegion(connection.region, thrown)
  const lost = connectionLost(error)
  if (lost) return unreachable(connection, operation, lost, thrown)
  const transient =
    THROTTLED.test(name) || error.$fault === 'server' || (error.$metadata?.httpStatusCode ?? 0) >= 500
  return new CloudError(`${operation} was refused`, {
    code: `LUC-AWS-${name.replace(/Exception$|Error$/, '') || 'ERROR'}`,
    awsCode: name,
    transient,
    repeated: (error.$metadata?.attempts ?? 1) > 1,
    ...why(error),
    cause: thrown,
  })
}

/** S3 answers HEAD without a body, so without a word: the bucket is somebody else's, or a right is missing (facts sheet §2.6). */
const CLOSED =
  'S3 answered 403: the bucket belongs to another account than the one in its name, or these credentials lack a right on it'

function isBare403({ name = '', $metadata }: SdkError): boolean {
  return $metadata?.httpStatusCode === 403 && /^(403|Unknown|UnknownError)$/.test(name)
}

/** Names the right that is missing as a policy spells it, when the service's own words tell (`…is not authorized to perform: iam:CreateRole on …`). */
function deniedError(operation: string, error: SdkError, cause: unknown): PermissionError {
  const action = /is not authorized to perform: ([\w-]+:\w+)/.exec(error.message ?? '')?.[1]
  const closed = isBare403(error)
  return new PermissionError(`${action ?? operation} is not allowed`, {
    code: 'LUC-AWS-DENIED',
    ...(closed ? { why: CLOSED } : why(error)),
    hints: [
      'lucree doctor --policy   # a policy with every right that lucree needs, for an administrator to attach',
      ...(closed ? ['use another region, which has a bucket of its own: --region'] : []),
      'aws sts get-caller-identity   # who these credentials are',
    ],
    cause,
  })
}

function why(error: SdkError): { why?: string } {
  return error.message ? { why: error.message } : {}
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

function unreachable(connection: Connection, operation: string, lost: string, cause: unknown): LucreeError {
  if (connection.endpoint) {
    // A server on this machine that refuses a connection is gone; asking again won't bring it back, the next command does.
    return new CloudError('The embedded Beanstalk does not answer', {
      code: 'LUC-LOCAL-GONE',
      awsCode: undefined,
      transient: lost !== 'ECONNREFUSED',
      why: `${operation} got ${lost} from ${connection.endpoint}; the server has ended or was killed`,
      hints: ['lucree deploy --local   # starts it again and carries on', 'lucree local status'],
      cause,
    })
  }
  if (/^(ENOTFOUND|EAI_AGAIN)$/.test(lost) && !isKnownRegion(connection.region)) {
    return noSuchRegion(connection.region, cause)
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

/** A name that is no region's and that no server answers to. */
function noSuchRegion(region: string, cause: unknown): UsageError {
  const meant = nearestRegion(region)
  return new UsageError(`There is no AWS region ${JSON.stringify(region)}`, {
    code: 'LUC-USAGE-REGION',
    why: meant ? `did you mean ${meant}?` : 'regions have names such as eu-central-1',
    hints: [`--region ${meant ?? 'eu-central-1'}`],
    cause,
  })
}
