import { request } from 'node:http'
import { connect } from 'node:net'
import type { Clock } from '../../../clock.ts'
import type { Container } from '../../../runtime/runtime.ts'
import type { Check } from './check.ts'

export type ProbeResult =
  { answered: true; status?: number } | { answered: false; reason: 'refused' | 'timeout' }

/** How long a connection that was accepted may turn out to lead nowhere: an engine's port forwarder accepts first and looks for the application then. */
const hangUpMs = 100

/** Whether something accepts connections where the container's port is reached, and keeps them. Sends nothing. */
export async function probeConnection(
  container: Container,
  timeoutMs: number,
  clock: Clock,
  signal: AbortSignal,
): Promise<ProbeResult> {
  const socket = connect(container.hostPort, container.host)
  const refused = new Promise<'refused'>((resolve) => {
    socket.once('error', () => resolve('refused'))
    socket.once('close', () => resolve('refused'))
  })
  const connected = new Promise<'connected'>((resolve) => socket.once('connect', () => resolve('connected')))
  const over = new AbortController()
  const within = AbortSignal.any([signal, over.signal])
  try {
    const first = await Promise.race([connected, refused, expire(clock, timeoutMs, within)])
    if (first !== 'connected') return { answered: false, reason: first }
    const second = await Promise.race([refused, expire(clock, hangUpMs, within)])
    return second === 'refused' ? { answered: false, reason: 'refused' } : { answered: true }
  } finally {
    over.abort()
    socket.destroy()
  }
}

/** A health check as a load balancer makes it. */
export async function probeHttp(
  container: Container,
  { path = '/', userAgent, timeoutMs }: Pick<Check, 'path' | 'userAgent' | 'timeoutMs'>,
  clock: Clock,
  signal: AbortSignal,
): Promise<ProbeResult> {
  const over = new AbortController()
  const within = AbortSignal.any([signal, over.signal])
  const answer = new Promise<ProbeResult>((resolve) => {
    const outgoing = request({
      host: container.host,
      port: container.hostPort,
      path,
      agent: false,
      headers: { 'user-agent': userAgent, connection: 'close' },
      signal: within,
    })
    outgoing.once('response', (response) => {
      response.resume()
      resolve({ answered: true, status: response.statusCode ?? 0 })
    })
    outgoing.on('error', () => resolve({ answered: false, reason: 'refused' }))
    outgoing.end()
  })
  const late = expire(clock, timeoutMs, within).then((): ProbeResult => ({
    answered: false,
    reason: 'timeout',
  }))
  try {
    return await Promise.race([answer, late])
  } finally {
    over.abort()
  }
}

/** Lost races end with `timeout` too, when they are called off; nobody hears it. */
function expire(clock: Clock, ms: number, signal: AbortSignal): Promise<'timeout'> {
  return clock.sleep(ms, signal).then(
    () => 'timeout',
    () => 'timeout',
  )
}
