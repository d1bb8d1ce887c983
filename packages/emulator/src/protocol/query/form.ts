import { ServiceError } from '../../services/service.ts'

/** One level of the parameters: `A.member.1.B=x` is A → member → 1 → B. */
export interface Parameter {
  value?: string
  children: Map<string, Parameter>
}

const malformed = (what: string) => new ServiceError('MalformedQueryString', what)

function decode(text: string): string {
  try {
    return decodeURIComponent(text.replaceAll('+', ' '))
  } catch (cause) {
    if (cause instanceof URIError)
      throw malformed('The query string is malformed: it is not UTF-8 in percent encoding.')
    throw cause
  }
}

/** Splits `application/x-www-form-urlencoded` bytes into pairs. Throws ServiceError `MalformedQueryString`. */
export function readForm(body: Uint8Array): [name: string, value: string][] {
  let text: string
  try {
    text = new TextDecoder('utf-8', { fatal: true }).decode(body)
  } catch {
    throw malformed('The query string is malformed: it is not UTF-8.')
  }
  const pairs = text.split('&').filter((pair) => pair !== '')
  return pairs.map((pair) => {
    const at = pair.indexOf('=')
    return at < 0 ? [decode(pair), ''] : [decode(pair.slice(0, at)), decode(pair.slice(at + 1))]
  })
}

/** Puts parameters into the tree that their dotted names describe. Throws ServiceError `MalformedQueryString` on a name that comes twice. */
export function asTree(pairs: Iterable<[name: string, value: string]>): Parameter {
  const root: Parameter = { children: new Map() }
  for (const [name, value] of pairs) {
    let at = root
    for (const step of name.split('.')) {
      let next = at.children.get(step)
      if (!next) at.children.set(step, (next = { children: new Map() }))
      at = next
    }
    if (at.value !== undefined) throw malformed(`The query string is malformed: ${name} is given twice.`)
    at.value = value
  }
  return root
}
