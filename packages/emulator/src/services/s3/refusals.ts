import type { RefusalReason } from '../../http/refusal.ts'
import { MAX_SKEW_MS } from '../../http/signature.ts'
import { accessDenied, invalidRequest, S3Error } from './errors.ts'

const MISMATCH =
  'The request signature we calculated does not match the signature you provided. Check your key and signing method.'

/** A refusal in S3's words. */
export function s3Refusal(reason: RefusalReason): S3Error {
  switch (reason.kind) {
    case 'unsigned':
      return accessDenied()
    case 'outdated':
      return invalidRequest(
        'The authorization mechanism you have provided is not supported. Please use AWS4-HMAC-SHA256.',
      )
    case 'malformed':
      return new S3Error(
        'AuthorizationHeaderMalformed',
        `The authorization header is malformed; ${reason.detail}`,
      )
    case 'unknown-key':
      return new S3Error(
        'InvalidAccessKeyId',
        'The AWS Access Key Id you provided does not exist in our records.',
        403,
        {
          AWSAccessKeyId: reason.accessKeyId,
        },
      )
    case 'session-token':
      return new S3Error('InvalidToken', 'The provided token is malformed or otherwise invalid.')
    case 'wrong-region':
      return new S3Error(
        'AuthorizationHeaderMalformed',
        `The authorization header is malformed; the region '${reason.asked}' is wrong; expecting '${reason.expected}'`,
        400,
        { Region: reason.expected },
      )
    case 'skewed':
      return new S3Error(
        'RequestTimeTooSkewed',
        'The difference between the request time and the current time is too large.',
        403,
        {
          RequestTime: reason.signedAt.toISOString(),
          ServerTime: reason.now.toISOString(),
          MaxAllowedSkewMilliseconds: String(MAX_SKEW_MS),
        },
      )
    case 'expired':
      return accessDenied('Request has expired', {
        Expires: reason.expiredAt.toISOString(),
        ServerTime: reason.now.toISOString(),
      })
    case 'mismatch':
      return new S3Error('SignatureDoesNotMatch', MISMATCH, 403, {
        AWSAccessKeyId: reason.accessKeyId,
        SignatureProvided: reason.signature,
      })
    case 'headers-unsigned':
      return accessDenied('There were headers present in the request which were not signed', {
        HeadersNotSigned: reason.names.join(', '),
      })
    case 'throttled':
      return new S3Error('SlowDown', 'Please reduce your request rate.', 503)
    case 'failing':
      return reason.status === 500
        ? new S3Error('InternalError', 'We encountered an internal error. Please try again.', 500)
        : new S3Error('ServiceUnavailable', 'Service is unable to handle request.', 503)
  }
}
