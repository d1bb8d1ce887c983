import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'

/** Answers by the path of the request; `more` is its query. What has no answer here is told what the application saw of the request. */
const ANSWERS: Record<string, (res: ServerResponse, more: string, req: IncomingMessage) => unknown> = {
  '/big-head': (res, more) => res.writeHead(200, { 'x-big': 'y'.repeat(Number(more)) }).end('b'),
  '/cut': (res, _more, req) => {
    res.write('part')
    setImmediate(() => req.socket.destroy())
  },
  '/cut-length': (res, _more, req) => {
    res.writeHead(200, { 'content-length': 1000 })
    res.write('part')
    setImmediate(() => req.socket.destroy())
  },
  '/drop': (_res, _more, req) => req.socket.destroy(),
  '/headers': (res) =>
    res
      .writeHead(200, [
        ...[
          'Server',
          'mine',
          'Date',
          'never',
          'X-Powered-By',
          'me',
          'X-Accel-Buffering',
          'no',
          'X-Accel-Expires',
          '0',
        ],
        ...[
          'X-Pad',
          'x',
          'Connection',
          'close',
          'Keep-Alive',
          'timeout=3',
          'set-cookie',
          'a=1',
          'set-cookie',
          'b=2',
        ],
        ...['ETag', '"e"', 'Accept-Ranges', 'bytes', 'Content-Type', 'text/plain'],
      ])
      .end('z'.repeat(1000)),
  '/typed': (res, more) => {
    const [type = '', length = '0', status = '200'] = more.split('|')
    const headers = { 'content-length': length, ...(type && { 'content-type': type }) }
    res.writeHead(Number(status), headers).end('z'.repeat(Number(length)))
  },
  '/chunks': (res) => {
    res.writeHead(200, { 'content-type': 'text/plain' })
    res.write('a')
    res.end('b')
  },
  '/encoded': (res) =>
    res.writeHead(200, { 'content-type': 'text/plain', 'content-encoding': 'br' }).end('z'.repeat(500)),
  '/location': (res, more) => res.writeHead(302, { location: more }).end(),
  '/reason': (res) => res.writeHead(200, 'Fine By Me').end('x'),
  '/status': (res, more) => res.writeHead(Number(more)).end('odd'),
  '/trailer': (res) => {
    res.writeHead(200, { trailer: 'x-sum' })
    res.write('body')
    res.addTrailers({ 'x-sum': '42' })
    res.end()
  },
}

/** An application on a free port of loopback that is kind to nothing but what it is asked. */
export async function startTellingApplication(): Promise<{ port: number; close: () => void }> {
  const server = createServer({ maxHeaderSize: 200_000, requireHostHeader: false }, (req, res) => {
    let bytes = 0
    req.on('data', (chunk: Buffer) => (bytes += chunk.length))
    req.on('end', () => {
      const [path = '', more = ''] = (req.url ?? '').split('?')
      const answer = Object.hasOwn(ANSWERS, path) ? ANSWERS[path] : undefined
      if (answer) answer(res, decodeURIComponent(more), req)
      else res.setHeader('content-type', 'application/octet-stream').end(JSON.stringify(tell(req, bytes)))
    })
  })
  server.keepAliveTimeout = 60_000
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const close = () => {
    server.closeAllConnections()
    server.close()
  }
  return { port: (server.address() as AddressInfo).port, close }
}

const tell = ({ method, url, headers }: IncomingMessage, bytes: number) => ({ method, url, headers, bytes })
