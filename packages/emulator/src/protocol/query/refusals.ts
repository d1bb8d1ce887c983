import type { RefusalReason } from '../../http/refusal.ts'
import { MAX_SKEW_MS } from '../../http/signature.ts'
import { ServiceError } from '../../services/service.ts'

const MISMATCH =
  'The request signature we calculated does not match the signature you provided. ' +
  'Check your AWS Secret Access Key and signing method. Consult the service documentation for details.'

const stamp = (date: Date) => date.toISOString().replace(/[-:]|\.\d{3}/g, '')

/** A refusal in the words of AWS's query services. */
export function queryError(reason: RefusalReason): ServiceError {
  switch (reason.kind) {
    case 'unsigned':
      return new ServiceError('MissingAuthenticationToken', 'Request is missing Authentication Token', 403)
    case 'outdated':
      return new ServiceError('IncompleteSignature', 'Please use AWS4-HMAC-SHA256.', 400)
    case 'malformed':
      return new ServiceError('IncompleteSignature', reason.detail, 400)
    case 'unknown-key':
    case 'session-token':
      return new ServiceError(
        'InvalidClientTokenId',
        'The security token included in the request is invalid.',
        403,
      )
    case 'wrong-region':
      return new ServiceError(
        'SignatureDoesNotMatch',
        `Credential should be scoped to a valid region, not '${reason.asked}': this account lives in '${reason.expected}'.`,
        403,
      )
    case 'skewed':
      return new ServiceError('SignatureDoesNotMatch', skewed(reason.signedAt, reason.now), 403)
    case 'expired':
      return new ServiceError(
        'RequestExpired',
        `Request has expired: it was valid until ${stamp(reason.expiredAt)}.`,
        400,
      )
    case 'mismatch':
      return new ServiceError('SignatureDoesNotMatch', MISMATCH, 403)
    case 'headers-unsigned':
      return new ServiceError(
        'SignatureDoesNotMatch',
        `Headers are not signed: ${reason.names.join(', ')}`,
        403,
      )
    case 'throttled':
      return throttled(reason.service)
    case 'failing':
      return reason.status === 500
        ? new ServiceError(
            'InternalFailure',
            'The request processing has failed because of an unknown error, exception or failure.',
            500,
          )
        : new ServiceError(
            'ServiceUnavailable',
            'The request has failed due to a temporary failure of the server.',
            503,
          )
  }
}

/** Beanstalk's code and text: facts sheet §3.2; EC2's and those of the JSON services: their API references. */
function throttled(service: string): ServiceError {
  if (service === 'ec2') return new ServiceError('RequestLimitExceeded', 'Request limit exceeded.', 503)
  const inJson = service === 'logs' || service === 'servicequotas'
  return new ServiceError(inJson ? 'ThrottlingException' : 'Throttling', 'Rate exceeded')
}

function skewed(signedAt: Date, now: Date): string {
  if (signedAt > now) {
    const edge = new Date(now.getTime() + MAX_SKEW_MS)
    return `Signature not yet current: ${stamp(signedAt)} is still later than ${stamp(edge)} (${stamp(now)} + 15 min.)`
  }
  const edge = new Date(now.getTime() - MAX_SKEW_MS)
  return `Signature expired: ${stamp(signedAt)} is now earlier than ${stamp(edge)} (${stamp(now)} - 15 min.)`
}
