import type { IncomingMessage, ServerResponse } from 'node:http'
import type { Socket } from 'node:net'

/** An error page of the platform itself, not of the application. */
export interface Page {
  status: number
  title: string
  server: string
  body: string
}

const page = (status: number, title: string, server: string, footer: string): Page => ({
  status,
  title,
  server,
  body: `<html>\r\n<head><title>${status} ${title}</title></head>\r\n<body>\r\n<center><h1>${status} ${title}</h1></center>\r\n${footer}</body>\r\n</html>\r\n`,
})

/** The load balancer's own answer while no target is registered. */
export const NO_TARGET = page(503, 'Service Temporarily Unavailable', 'awselb/2.0', '')

/** The answer of an instance's nginx when its application refuses the connection or drops it. */
export const BAD_GATEWAY = page(502, 'Bad Gateway', 'nginx', '<hr><center>nginx</center>\r\n')

const headersOf = ({ server, body }: Page) => ({
  server,
  'content-type': 'text/html',
  'content-length': Buffer.byteLength(body),
})

export function sendPage(req: IncomingMessage, res: ServerResponse, answer: Page): void {
  // Nobody reads the rest of the request's body, so the connection can't be used again while some is left.
  if (!req.complete) res.shouldKeepAlive = false
  res.writeHead(answer.status, answer.title, headersOf(answer))
  res.end(answer.body)
}

/** For a connection that asked for an upgrade and has no response object. */
export function sendRawPage(socket: Socket, answer: Page): void {
  if (!socket.writable) return
  const headers = Object.entries(headersOf(answer)).map(([name, value]) => `${name}: ${value}\r\n`)
  socket.end(
    `HTTP/1.1 ${answer.status} ${answer.title}\r\n${headers.join('')}connection: close\r\n\r\n${answer.body}`,
  )
}
