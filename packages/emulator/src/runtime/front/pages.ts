import type { IncomingMessage, ServerResponse } from 'node:http'
import type { Socket } from 'node:net'
import type { Clock } from '../../clock.ts'
import { limitSilence } from './silence-limit.ts'

/** An error page of the platform itself, not of the application. */
export interface Page {
  status: number
  title: string
  server: string
  body: string
  /** The connection isn't used again after it. */
  closes: boolean
}

/** A page of an instance's nginx. Where its second line says more than the status does, that is its title in the browser. */
function nginxPage(
  status: number,
  title: string,
  { closes = true, more }: { closes?: boolean; more?: string } = {},
): Page {
  const heading = more === undefined ? `${status} ${title}` : `400 ${more}`
  const second = more === undefined ? '' : `<center>${more}</center>\r\n`
  const footer = `${second}<hr><center>nginx</center>\r\n`
  return { status, title, server: 'nginx', body: bodyOf(heading, `${status} ${title}`, footer), closes }
}

const bodyOf = (title: string, heading: string, footer: string) =>
  `<html>\r\n<head><title>${title}</title></head>\r\n<body>\r\n<center><h1>${heading}</h1></center>\r\n${footer}</body>\r\n</html>\r\n`

const unavailable = 'Service Temporarily Unavailable'

/** The load balancer's own answer while no target is registered. */
export const NO_TARGET: Page = {
  status: 503,
  title: unavailable,
  server: 'awselb/2.0',
  body: bodyOf(`503 ${unavailable}`, `503 ${unavailable}`, ''),
  closes: false,
}

/** The answers of an instance's nginx, as 1.22.1 gives them. */
export const BAD_REQUEST = nginxPage(400, 'Bad Request')
export const HEADER_TOO_LARGE = nginxPage(400, 'Bad Request', { more: 'Request Header Or Cookie Too Large' })
export const NOT_ALLOWED = nginxPage(405, 'Not Allowed')
export const REQUEST_TIMEOUT = nginxPage(408, 'Request Time-out')
export const BODY_TOO_LARGE = nginxPage(413, 'Request Entity Too Large')
export const URI_TOO_LARGE = nginxPage(414, 'Request-URI Too Large')
export const VERSION_NOT_SUPPORTED = nginxPage(505, 'HTTP Version Not Supported')
/** When its application refuses the connection, drops it, or answers with what isn't HTTP. */
export const BAD_GATEWAY = nginxPage(502, 'Bad Gateway', { closes: false })
export const GATEWAY_TIMEOUT = nginxPage(504, 'Gateway Time-out', { closes: false })

const headersOf = ({ server, body }: Page) => ({
  server,
  'content-type': 'text/html',
  'content-length': Buffer.byteLength(body),
})

/** Milliseconds that a client may say nothing while the rest of its request is read and forgotten: nginx's `lingering_timeout`. */
const LINGERING_MS = 5_000

/** Answers with the page. What is left of the request's body is read and forgotten, so that the client gets to read the answer. */
export function sendPage(req: IncomingMessage, res: ServerResponse, answer: Page, clock: Clock): void {
  const unread = !req.complete && announcesBody(req)
  const closes = answer.closes || unread || !res.shouldKeepAlive
  res.writeHead(answer.status, answer.title, {
    ...headersOf(answer),
    connection: closes ? 'close' : 'keep-alive',
  })
  if (!unread) {
    res.end(answer.body)
    return
  }
  // The connection goes when the response ends.
  if (req.method !== 'HEAD') res.write(answer.body)
  const silence = limitSilence(clock, LINGERING_MS, () => res.end())
  req.on('data', () => silence.heard())
  req.once('close', () => {
    silence.stop()
    res.end()
  })
}

const announcesBody = ({ headers }: IncomingMessage): boolean =>
  headers['transfer-encoding'] !== undefined || Number(headers['content-length'] ?? 0) > 0

/** For a connection on which there is no response to write to. */
export function sendRawPage(socket: Socket, answer: Page): void {
  if (!socket.writable) return
  const headers = Object.entries(headersOf(answer)).map(([name, value]) => `${name}: ${value}\r\n`)
  socket.end(
    `HTTP/1.1 ${answer.status} ${answer.title}\r\n${headers.join('')}connection: close\r\n\r\n${answer.body}`,
  )
}
