import { ServerResponse, type IncomingMessage } from 'node:http'
import type { Socket } from 'node:net'
import { pipeline } from 'node:stream/promises'
import { answerHeaders } from './answer-headers.ts'
import type { Answer } from './application.ts'
import { headerLines } from './raw-headers.ts'

/**
 * Connects a client and an application that agreed on another protocol, until one of them ends. A silence of both that is longer than
 * `proxy_read_timeout` ends it too.
 */
export function joinTunnel(
  client: { socket: Socket; first: Buffer },
  { head, silence, tunnel }: Answer,
  sent: (bytes: number) => void,
): void {
  if (tunnel === undefined) return
  const application = tunnel.socket
  const sides = [client.socket, application]
  const end = () => {
    silence.stop()
    for (const side of sides) side.destroy()
  }
  client.socket.write(headOf(head), 'latin1')
  for (const side of sides) side.on('data', () => silence.heard())
  application.on('data', (chunk: Buffer) => sent(chunk.length))
  if (client.first.length > 0) client.socket.unshift(client.first)
  if (tunnel.first.length > 0) application.unshift(tunnel.first)
  // The one that ends first may still have something to hear; what breaks off ends both.
  Promise.all([pipeline(client.socket, application), pipeline(application, client.socket)]).then(end, end)
}

function headOf({ statusCode, statusMessage, rawHeaders }: IncomingMessage): string {
  const headers = answerHeaders(headerLines(rawHeaders), { compressed: false, connection: 'upgrade' })
  const lines = headerLines([...headers]).map(([name, value]) => `${name}: ${value}\r\n`)
  return `HTTP/1.1 ${statusCode} ${statusMessage}\r\n${lines.join('')}\r\n`
}

/** A response for a connection that Node's server has given away; it closes the connection when it is finished. */
export function responseOn(req: IncomingMessage, socket: Socket): ServerResponse {
  const res = new ServerResponse(req)
  res.shouldKeepAlive = false
  res.assignSocket(socket)
  res.once('finish', () => {
    res.detachSocket(socket)
    socket.end()
    socket.once('close', () => res.emit('close'))
  })
  return res
}

/** The head of a request as it was sent, less its wish for another protocol. */
export function plainHead({ method, url, httpVersion, rawHeaders }: IncomingMessage): string {
  const lines = headerLines(rawHeaders).filter(([name]) => name.toLowerCase() !== 'upgrade')
  const text = lines.map(([name, value]) => `${name}: ${value}\r\n`).join('')
  return `${method} ${url} HTTP/${httpVersion}\r\n${text}\r\n`
}
