import type { Agent, IncomingMessage, ServerResponse } from 'node:http'
import type { Socket } from 'node:net'
import { pipeline } from 'node:stream/promises'
import type { Clock } from '../../clock.ts'
import { answerHeaders, isUnbuffered } from './answer-headers.ts'
import { askApplication, NoAnswer, type Answer } from './application.ts'
import { gzip, isCompressed } from './compression.ts'
import { BAD_GATEWAY, BODY_TOO_LARGE, REQUEST_TIMEOUT, sendPage } from './pages.ts'
import { headerLines, type HeaderLines } from './raw-headers.ts'
import { readBody, type NoBody } from './request-body.ts'
import { requestHeaders, type Caller } from './request-headers.ts'
import { readRequest } from './request-rules.ts'
import type { Target } from './rotation.ts'
import { joinTunnel } from './tunnel.ts'

/** A request on its way through one instance's nginx. */
export interface Exchange {
  clock: Clock
  req: IncomingMessage
  res: ServerResponse
  caller: Caller
  target: Target
  agent: Agent
  /** Another protocol that the client asks for; Node's parser leaves the header out when it isn't the client's to get. */
  upgrade: string | undefined
  /** The client's connection and what came after the request, when it can be given another protocol. */
  client: { socket: Socket; first: Buffer } | undefined
  told: Told
}

/** What the logs say of an exchange, so far. */
export interface Told {
  /** Of the answer's body. */
  bytes: number
  /** When it isn't the response's. */
  status: number | undefined
  /** What nginx writes to its error log. */
  error: string | undefined
}

/** Answers a request as the platform's nginx does, with the application's answer or a page of its own. */
export async function carryOut(exchange: Exchange): Promise<void> {
  const { clock, req, res, told } = exchange
  const gone = new AbortController()
  res.once('close', () => gone.abort(new Error('The client went away')))
  try {
    const answer = await askFor(exchange, gone.signal)
    if (answer?.tunnel !== undefined) openTunnel(exchange, answer)
    else if (answer !== undefined) await passOn(exchange, answer)
  } catch (error) {
    if (gone.signal.aborted) return
    if (!(error instanceof NoAnswer)) throw error
    told.error = error.message
    sendPage(req, res, error.page, clock)
  }
}

/** Undefined when it was answered without the application. */
async function askFor(exchange: Exchange, signal: AbortSignal): Promise<Answer | undefined> {
  const { clock, req, res, caller, target, agent, told } = exchange
  const lines = linesOf(exchange)
  const asked = readRequest(req, lines)
  if ('status' in asked) {
    sendPage(req, res, asked, clock)
    return undefined
  }
  const begin = () => {
    if (req.headers.expect?.toLowerCase() === '100-continue') res.writeContinue()
  }
  const body = await readBody(req, lines, { maxBytes: target.proxy.maxBodyBytes, clock, begin })
  if (typeof body === 'string') {
    told.error = body === 'too large' ? tooLarge(req) : undefined
    refuseBody(exchange, body)
    return undefined
  }
  const question = {
    method: req.method ?? 'GET',
    path: asked.path,
    headers: requestHeaders(lines, asked, caller, body.bytes),
    chunks: body.chunks,
  }
  return askApplication(clock, target, agent, question, signal)
}

function refuseBody({ req, res, clock }: Exchange, reason: NoBody): void {
  if (reason === 'broken off') res.destroy()
  else sendPage(req, res, reason === 'too large' ? BODY_TOO_LARGE : REQUEST_TIMEOUT, clock)
}

function tooLarge({ headers }: IncomingMessage): string {
  const length = headers['content-length']
  return `client intended to send too large ${length === undefined ? 'chunked body' : `body: ${length} bytes`}`
}

function linesOf({ req, upgrade }: Exchange): HeaderLines {
  const lines = headerLines(req.rawHeaders)
  return upgrade === undefined ? lines : [...lines, ['Upgrade', upgrade]]
}

/** What breaks off on one side is broken off on the other one at once. */
async function passOn(exchange: Exchange, { head, silence }: Answer): Promise<void> {
  const { req, res, told } = exchange
  const answer = headerLines(head.rawHeaders)
  const { statusCode: status = 502, statusMessage } = head
  const compressed = isCompressed(req, linesOf(exchange), status, answer)
  const connection = keepsConnection(exchange, head, compressed) ? 'keep-alive' : 'close'
  res.writeHead(status, statusMessage, answerHeaders(answer, { compressed, connection }))
  const count = (chunk: Buffer) => (told.bytes += chunk.length)
  head.on('data', () => silence.heard())
  try {
    if (!compressed || req.method === 'HEAD') await pipeline(head.on('data', count), res)
    else await pipeline(head, gzip(isUnbuffered(answer)).on('data', count), res)
  } catch {
    // The pipeline has destroyed both sides; nginx says nothing to the client either.
    if (!head.complete) told.error = 'upstream prematurely closed connection while reading upstream'
  } finally {
    silence.stop()
  }
}

/** HTTP/1.0 knows no chunks: what has no length ends with the connection. */
function keepsConnection({ req, res }: Exchange, head: IncomingMessage, compressed: boolean): boolean {
  const hasLength = head.headers['content-length'] !== undefined && !compressed
  return res.shouldKeepAlive && (req.httpVersion === '1.1' || hasLength)
}

function openTunnel({ client, told, req, res, clock }: Exchange, answer: Answer): void {
  if (client !== undefined) {
    told.status = answer.head.statusCode
    joinTunnel(client, answer, (bytes) => (told.bytes += bytes))
    return
  }
  answer.silence.stop()
  answer.tunnel?.socket.destroy()
  sendPage(req, res, BAD_GATEWAY, clock)
}
