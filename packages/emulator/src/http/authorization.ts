import { Refusal } from './refusal.ts'
import { headerOf, type HttpRequest } from './request.ts'

/** What a request says about its own signature; nothing of it is proved yet. */
export interface Claim {
  kind: 'header' | 'presigned'
  accessKeyId: string
  /** `YYYYMMDD` of the credential scope. */
  scopeDate: string
  region: string
  service: string
  /** In lower case. */
  signedHeaders: string[]
  /** 64 hexadecimal digits. */
  signature: string
  signedAt: Date
  /** Only of a presigned URL. */
  expiresInSeconds?: number
}

const ALGORITHM = 'AWS4-HMAC-SHA256'
const malformed = (detail: string) => new Refusal({ kind: 'malformed', detail })

/** Reads the claim of the Authorization header or of a presigned URL; `undefined` when the request isn't signed at all. */
export function readClaim(request: HttpRequest): Claim | undefined {
  const authorization = headerOf(request.headers, 'authorization')
  if (authorization?.startsWith('AWS ') || request.query.has('AWSAccessKeyId'))
    throw new Refusal({ kind: 'outdated' })
  if (authorization !== undefined) return fromHeader(request, authorization)
  if (request.query.has('X-Amz-Algorithm') || request.query.has('X-Amz-Signature')) return fromQuery(request)
  return undefined
}

function fromHeader(request: HttpRequest, authorization: string): Claim {
  const [algorithm, ...rest] = authorization.split(' ')
  if (algorithm !== ALGORITHM) throw malformed(`Authorization must start with '${ALGORITHM}'.`)
  const fields = new Map(
    rest
      .join(' ')
      .split(',')
      .map((field): [string, string] => {
        const at = field.indexOf('=')
        return [field.slice(0, at).trim(), field.slice(at + 1).trim()]
      }),
  )
  const date = headerOf(request.headers, 'x-amz-date') ?? headerOf(request.headers, 'date')
  return {
    kind: 'header',
    ...readCredential(fields.get('Credential')),
    ...readProof(fields.get('SignedHeaders'), fields.get('Signature')),
    signedAt: readDate(date),
  }
}

function fromQuery({ query }: HttpRequest): Claim {
  const field = (name: string) => query.get(`X-Amz-${name}`) ?? undefined
  if (field('Algorithm') !== ALGORITHM) throw malformed(`X-Amz-Algorithm only supports "${ALGORITHM}".`)
  const expires = field('Expires')
  if (!expires || !/^\d{1,6}$/.test(expires)) throw malformed('X-Amz-Expires should be a number of seconds.')
  if (Number(expires) > 604_800)
    throw malformed('X-Amz-Expires must be less than a week (in seconds) that is 604800.')
  return {
    kind: 'presigned',
    ...readCredential(field('Credential')),
    ...readProof(field('SignedHeaders'), field('Signature')),
    signedAt: readDate(field('Date')),
    expiresInSeconds: Number(expires),
  }
}

function readCredential(
  text: string | undefined,
): Pick<Claim, 'accessKeyId' | 'scopeDate' | 'region' | 'service'> {
  const [accessKeyId, scopeDate, region, service, end, ...more] = text?.split('/') ?? []
  if (!accessKeyId || !scopeDate || !region || !service || end !== 'aws4_request' || more.length) {
    throw malformed('Credential must have the form <access key id>/<date>/<region>/<service>/aws4_request.')
  }
  return { accessKeyId, scopeDate, region, service }
}

function readProof(
  headers: string | undefined,
  signature: string | undefined,
): Pick<Claim, 'signedHeaders' | 'signature'> {
  const signedHeaders = headers?.toLowerCase().split(';').filter(Boolean) ?? []
  if (!signedHeaders.includes('host')) throw malformed("SignedHeaders must name 'host'.")
  if (!signature || !/^[0-9a-f]{64}$/.test(signature))
    throw malformed('Signature must be 64 hexadecimal digits.')
  return { signedHeaders, signature }
}

/** `20261122T174500Z`, or the RFC 1123 date of a `Date` header. */
function readDate(text: string | undefined): Date {
  const parts = /^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z$/.exec(text ?? '')
  const [, year, month, day, hours, minutes, seconds] = parts ?? []
  const date = new Date(parts ? `${year}-${month}-${day}T${hours}:${minutes}:${seconds}Z` : (text ?? ''))
  if (Number.isNaN(date.getTime())) throw malformed("A valid 'X-Amz-Date' is missing.")
  return date
}
