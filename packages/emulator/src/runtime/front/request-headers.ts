import type { HeaderLines } from './raw-headers.ts'
import { valuesOf } from './raw-headers.ts'
import type { Asked } from './request-rules.ts'

/** Who asks, and by which way. */
export interface Caller {
  /** The address of the client. */
  address: string
  /** The port of the load balancer that stands in front of nginx; undefined when there is none. */
  balancerPort: number | undefined
}

/** Not passed on: nginx says them itself, or they are between it and the client only. */
const OWN = new Set([
  'connection',
  'content-length',
  'expect',
  'host',
  'keep-alive',
  'te',
  // Node sends it with chunks only, and a body that is here whole has none.
  'trailer',
  'transfer-encoding',
  'upgrade',
  'x-forwarded-for',
  'x-real-ip',
])
/** nginx and load balancer are processes of this machine. */
const BALANCER = '127.0.0.1'

/**
 * The headers of the request that the application gets, by the platform's `proxy_set_header` lines: with `Connection: upgrade` always, since
 * its map knows no other value. `bodyBytes` is undefined when the client announced no body.
 */
export function requestHeaders(
  lines: HeaderLines,
  { host }: Asked,
  caller: Caller,
  bodyBytes: number | undefined,
): [name: string, value: string][] {
  const [upgrade] = valuesOf(lines, 'upgrade')
  const before = valuesOf(lines, 'x-forwarded-for')
  const { address, balancerPort } = caller
  const hops = balancerPort === undefined ? [address] : [address, BALANCER]
  const own: [string, string | undefined][] = [
    ['Connection', 'upgrade'],
    ['Upgrade', upgrade],
    ['Host', host],
    ['X-Real-IP', hops.at(-1)],
    ['X-Forwarded-For', [...before, ...hops].join(', ')],
    ['Content-Length', bodyBytes?.toString()],
    ...balancerHeaders(balancerPort),
  ]
  const said = new Set(own.filter(([name]) => name.startsWith('X-')).map(([name]) => name.toLowerCase()))
  const passed = lines.filter(([name]) => isPassed(name) && !said.has(name.toLowerCase()))
  return [...own, ...passed].flatMap(([name, value]) =>
    (value ?? '') === '' && OWN.has(name.toLowerCase()) ? [] : [[name, value ?? '']],
  )
}

/** As an Application Load Balancer sets them; it takes nobody else's word for them. */
function balancerHeaders(port: number | undefined): [string, string][] {
  if (port === undefined) return []
  return [
    ['X-Forwarded-Proto', 'http'],
    ['X-Forwarded-Port', String(port)],
  ]
}

/** nginx ignores names with anything but letters, digits and hyphens: `ignore_invalid_headers`, and `underscores_in_headers` off. */
function isPassed(name: string): boolean {
  return !OWN.has(name.toLowerCase()) && /^[A-Za-z0-9-]+$/.test(name)
}
