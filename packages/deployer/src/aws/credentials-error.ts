import { PermissionError } from '../errors.ts'
import type { Connection } from './connection.ts'
import { isOnRequest } from './regions.ts'

/** The code of a failure whose cause only the configuration files tell. */
export const NO_CREDENTIALS = 'LUC-AWS-CredentialsProviderError'

type Cause = 'none' | 'sso' | 'code' | 'expired' | 'unknown-key' | 'wrong-secret' | 'clock' | 'closed'

/** Names that AWS's services and its SDK give to credentials that don't do. */
const CAUSES = new Map<string, Cause>([
  ['CredentialsProviderError', 'none'],
  ['TokenProviderError', 'sso'],
  ['ExpiredToken', 'expired'],
  ['ExpiredTokenException', 'expired'],
  ['InvalidClientTokenId', 'unknown-key'],
  ['InvalidAccessKeyId', 'unknown-key'],
  ['UnrecognizedClientException', 'unknown-key'],
  ['AuthFailure', 'unknown-key'],
  ['SignatureDoesNotMatch', 'wrong-secret'],
  ['MissingAuthenticationToken', 'none'],
  ['RequestTimeTooSkewed', 'clock'],
  ['RequestExpired', 'clock'],
  ['OptInRequired', 'closed'],
  ['SubscriptionRequiredException', 'closed'],
])

const REASONS: Record<Cause, string> = {
  none: 'no AWS credentials were found',
  sso: 'the SSO session is over',
  code: 'the profile wants a code of a second factor, which lucree does not ask for',
  expired: 'the credentials have expired',
  'unknown-key': 'AWS does not know this access key',
  'wrong-secret': 'the secret key does not belong to the access key',
  clock: "this machine's clock differs too much from AWS's",
  closed: 'the account is not signed up for this service; that of a new account may take a day',
}

/** What is wrong with the credentials, when that is what an error says; undefined for any other. */
export function credentialsError(
  connection: Connection,
  operation: string,
  thrown: { name?: string; message?: string },
): PermissionError | undefined {
  const cause = causeOf(thrown)
  if (cause === undefined) return undefined
  const { region, endpoint } = connection
  const closed = cause === 'unknown-key' && isOnRequest(region) && !endpoint
  return new PermissionError(`${operation} could not be signed in`, {
    code: `LUC-AWS-${thrown.name}`,
    why: closed
      ? `${REASONS[cause]} there: ${region} has to be enabled for an account first`
      : REASONS[cause],
    hints: [
      ...(closed ? [`aws account enable-region --region-name ${region}   # as an administrator`] : []),
      ...hintsFor(cause, connection),
    ],
    cause: thrown,
  })
}

function causeOf({ name = '', message = '' }: { name?: string; message?: string }): Cause | undefined {
  const cause = CAUSES.get(name)
  if (cause === 'none' && /\bSSO\b|sso login/i.test(message)) return 'sso'
  if (cause === 'none' && /multi-factor|MFA/.test(message)) return 'code'
  return cause === 'wrong-secret' && /expired|not yet current/i.test(message) ? 'clock' : cause
}

function hintsFor(cause: Cause, { profile, endpoint }: Connection): string[] {
  if (endpoint)
    return ['lucree local status   # the server that answers there may not be the one lucree started']
  const as = profile ? ` --profile ${profile}` : ''
  const hints: Record<Cause, string[]> = {
    none: [`aws configure${as}   # or aws sso login, or set AWS_PROFILE`],
    sso: [`aws sso login${as}`],
    code: [
      `eval "$(aws configure export-credentials --format env${as})"   # asks for the code; then without --profile`,
    ],
    expired: [`aws sso login${as}   # or fetch new temporary keys where these came from`],
    'unknown-key': [
      `aws sts get-caller-identity${as}   # says whether the key is good elsewhere`,
      `aws configure${as}`,
    ],
    'wrong-secret': [`aws configure${as}`],
    clock: ['sudo timedatectl set-ntp true   # or set the clock by hand'],
    closed: ['open https://console.aws.amazon.com/billing/ and complete the registration'],
  }
  return [...hints[cause], 'the same command with --local needs no AWS account']
}
