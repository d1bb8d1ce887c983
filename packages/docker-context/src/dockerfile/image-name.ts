import { goQuote } from './go-quote.ts'

const PATH_PART = '[a-z0-9]+(?:(?:\\.|_|__|-+)[a-z0-9]+)*'
const DOMAIN_PART = '(?:[a-zA-Z0-9]|[a-zA-Z0-9][a-zA-Z0-9-]*[a-zA-Z0-9])'
const DOMAIN = `(?:${DOMAIN_PART}(?:\\.${DOMAIN_PART})*|\\[(?:[a-fA-F0-9:]+)\\])(?::[0-9]+)?`

/** What BuildKit says against an image's name, which it can tell without a registry; undefined when nothing. */
export function checkImageName(name: string): string | undefined {
  const fault = faultOf(name)
  return fault === undefined ? undefined : `failed to parse stage name ${goQuote(name)}: ${fault}`
}

/** A stage's name may stand for a context of its own, so it is read as an image's name too. */
export function checkStageName(name: string): string | undefined {
  const fault = name === 'scratch' || name === 'context' ? undefined : faultOf(name)
  return fault === undefined ? undefined : `invalid context name ${name}: ${fault}`
}

function faultOf(name: string): string | undefined {
  if (/^[a-f0-9]{64}$/.test(name)) {
    return `invalid repository name (${name}), cannot specify 64-byte hexadecimal strings`
  }
  const { domain, rest } = splitDomain(name)
  const path = rest.split(':')[0] ?? ''
  if (path !== path.toLowerCase()) {
    return `invalid reference format: repository name (${path}) must be lowercase`
  }
  const [named, digest] = cut(rest, '@')
  const colon = named.indexOf(':')
  const repository = colon < 0 ? named : named.slice(0, colon)
  const tag = colon < 0 ? undefined : named.slice(colon + 1)
  const isWell =
    new RegExp(`^${DOMAIN}$`).test(domain) &&
    repository.split('/').every((part) => isPathPart(part)) &&
    (tag === undefined || /^\w[\w.-]{0,127}$/.test(tag)) &&
    (digest === undefined ||
      /^[A-Za-z][A-Za-z0-9]*(?:[-_+.][A-Za-z][A-Za-z0-9]*)*:[0-9a-fA-F]{32,}$/.test(digest))
  if (!isWell) return 'invalid reference format'
  if (`${domain}/${repository}`.length > 255) return 'repository name must not be more than 255 characters'
  return digest === undefined ? undefined : digestFault(digest)
}

const isPathPart = (part: string): boolean => part.length <= 255 && new RegExp(`^${PATH_PART}$`).test(part)

function splitDomain(name: string): { domain: string; rest: string } {
  const slash = name.indexOf('/')
  const first = name.slice(0, Math.max(slash, 0))
  const isDomain =
    slash >= 0 && (/[.:]/.test(first) || first === 'localhost' || first !== first.toLowerCase())
  const domain = isDomain ? first : 'docker.io'
  const rest = isDomain ? name.slice(slash + 1) : name
  const isDockers = domain === 'docker.io' || domain === 'index.docker.io'
  if (!isDockers) return { domain, rest }
  return { domain: 'docker.io', rest: rest.includes('/') ? rest : `library/${rest}` }
}

function cut(text: string, at: string): [before: string, after: string | undefined] {
  const index = text.indexOf(at)
  return index < 0 ? [text, undefined] : [text.slice(0, index), text.slice(index + 1)]
}

const HEX_LENGTHS: Record<string, number> = { sha256: 64, sha384: 96, sha512: 128 }

/** What is wrong with a digest like `sha256:…`, in Go's words; undefined when nothing. */
export function digestFault(digest: string): string | undefined {
  const [algorithm, hex] = cut(digest, ':')
  if (
    hex === undefined ||
    hex === '' ||
    !/^[a-z0-9]+(?:[.+_-][a-z0-9]+)*$/.test(algorithm) ||
    !/^[a-zA-Z0-9=_-]+$/.test(hex)
  ) {
    return 'invalid checksum digest format'
  }
  const length = HEX_LENGTHS[algorithm]
  if (length === undefined) return 'unsupported digest algorithm'
  if (hex.length !== length) return 'invalid checksum digest length'
  return /^[a-f0-9]+$/.test(hex) ? undefined : 'invalid checksum digest format'
}
