import { request, type Agent, type ClientRequest, type IncomingMessage } from 'node:http'
import type { Socket } from 'node:net'
import type { Clock } from '../../clock.ts'
import { hasTooLongHead } from './answer-headers.ts'
import { BAD_GATEWAY, GATEWAY_TIMEOUT, type Page } from './pages.ts'
import type { ProxySettings } from './proxy-settings.ts'
import type { Target } from './rotation.ts'
import { limitSilence, type SilenceLimit } from './silence-limit.ts'

/** A request as the application gets it. */
export interface Question {
  method: string
  path: string
  headers: readonly (readonly [name: string, value: string])[]
  chunks: readonly Buffer[]
}

/** The head of the application's answer; with `tunnel` it agreed to another protocol on this connection. */
export interface Answer {
  head: IncomingMessage
  /** Runs on while the body does: whoever reads it says what is heard and stops it. */
  silence: SilenceLimit
  tunnel: { socket: Socket; first: Buffer } | undefined
}

/** The application gave no answer. The message is what nginx writes to its error log. */
export class NoAnswer extends Error {
  override readonly name = 'NoAnswer'
  readonly page: Page

  constructor(message: string, page: Page) {
    super(message)
    this.page = page
  }
}

/** What nginx doesn't send twice once it was on a connection. */
const NEVER_TWICE = new Set(['POST', 'LOCK', 'PATCH'])

/**
 * Sends a request to a target's application and resolves with the head of its answer. A kept connection that turns out to be closed is
 * replaced, as nginx does. Rejects with {@link NoAnswer}, or with the signal's reason when the client went away.
 */
export async function askApplication(
  clock: Clock,
  target: Target,
  agent: Agent,
  question: Question,
  signal: AbortSignal,
): Promise<Answer> {
  for (;;) {
    const attempt = { outgoing: undefined as ClientRequest | undefined }
    try {
      return await askOnce(clock, target, agent, question, signal, attempt)
    } catch (error) {
      signal.throwIfAborted()
      if (error instanceof NoAnswer) throw error
      const { code } = error as NodeJS.ErrnoException
      const stale = attempt.outgoing?.reusedSocket === true && (code === 'ECONNRESET' || code === 'EPIPE')
      if (!stale || NEVER_TWICE.has(question.method)) throw noAnswer(error as NodeJS.ErrnoException)
    }
  }
}

function askOnce(
  clock: Clock,
  { host, port, proxy }: Target,
  agent: Agent,
  { method, path, headers, chunks }: Question,
  signal: AbortSignal,
  attempt: { outgoing: ClientRequest | undefined },
): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const outgoing = request({ host, port, method, path, agent, setHost: false, signal })
    attempt.outgoing = outgoing
    setHeaders(outgoing, headers)
    const silence = limitSilence(clock, proxy.connectTimeoutMs, () => {
      const doing = outgoing.socket?.connecting === false ? 'reading response header from' : 'connecting to'
      reject(
        new NoAnswer(
          `upstream timed out (110: Connection timed out) while ${doing} upstream`,
          GATEWAY_TIMEOUT,
        ),
      )
      outgoing.destroy()
    })
    const give = (head: IncomingMessage, tunnel?: Answer['tunnel']) => {
      silence.heard()
      resolve({ head, silence, tunnel })
    }
    outgoing.on('error', (error) => {
      silence.stop()
      reject(error)
    })
    outgoing.once('socket', (socket) => watchSending(outgoing, socket, silence, proxy))
    outgoing.once('upgrade', (head, socket: Socket, first) => give(head, { socket, first }))
    outgoing.once('response', (head) => {
      if (!hasTooLongHead(head)) return give(head)
      reject(
        new NoAnswer('upstream sent too big header while reading response header from upstream', BAD_GATEWAY),
      )
      outgoing.destroy()
    })
    for (const chunk of chunks) outgoing.write(chunk)
    outgoing.end()
  })
}

/** Lines of one name stay one line each. */
function setHeaders(outgoing: ClientRequest, headers: Question['headers']): void {
  // Node adds one of them to a POST without a body, and nginx doesn't.
  outgoing.removeHeader('Transfer-Encoding')
  outgoing.removeHeader('Content-Length')
  for (const [name, value] of headers) {
    const before = outgoing.getHeader(name)
    outgoing.setHeader(name, before === undefined ? value : [before, value].flat().map(String))
  }
}

function watchSending(
  outgoing: ClientRequest,
  socket: Socket,
  silence: SilenceLimit,
  settings: ProxySettings,
): void {
  const connected = () => silence.heard(settings.sendTimeoutMs)
  if (socket.connecting) socket.once('connect', connected)
  else connected()
  outgoing.once('finish', () => silence.heard(settings.readTimeoutMs))
}

function noAnswer(error: NodeJS.ErrnoException): NoAnswer {
  const text = {
    ECONNREFUSED: 'connect() failed (111: Connection refused) while connecting to upstream',
    ECONNRESET: 'upstream prematurely closed connection while reading response header from upstream',
    HPE_HEADER_OVERFLOW: 'upstream sent too big header while reading response header from upstream',
  }[error.code ?? '']
  return new NoAnswer(text ?? `${error.message} while reading response header from upstream`, BAD_GATEWAY)
}
