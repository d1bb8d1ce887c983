import { createServer, request, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import { once } from 'node:events'
import type { AddressInfo } from 'node:net'

/** A call as it went over the wire. */
export interface Call {
  /** Service and operation, as IAM writes actions: `elasticbeanstalk:CreateEnvironment`. Of S3 also what kind of object it is about. */
  operation: string
  status: number
}

/** A proxy in front of an account, which passes everything on as it is and keeps the names of all calls. */
export class WireRecorder {
  readonly calls: Call[] = []
  readonly #server: Server
  readonly #upstream: URL

  private constructor(upstream: string) {
    this.#upstream = new URL(upstream)
    this.#server = createServer((incoming, response) => this.#pass(incoming, response))
  }

  /** `upstream` is the account's own address. */
  static async open(upstream: string): Promise<WireRecorder> {
    const recorder = new WireRecorder(upstream)
    recorder.#server.listen(0, '127.0.0.1')
    await once(recorder.#server, 'listening')
    return recorder
  }

  get url(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`
  }

  /** What was recorded since the last time. */
  take(): Call[] {
    return this.calls.splice(0)
  }

  async close(): Promise<void> {
    this.#server.closeAllConnections()
    this.#server.close()
    await once(this.#server, 'close')
  }

  /** The Host header goes on unchanged: it is signed. */
  #pass(incoming: IncomingMessage, response: ServerResponse): void {
    const { hostname, port } = this.#upstream
    const { method, url, headers } = incoming
    const sent: Buffer[] = []
    const call: Call = { operation: '', status: 0 }
    this.calls.push(call)
    const outgoing = request({ hostname, port, method, path: url, headers }, (answer) => {
      call.operation = operationOf(incoming, Buffer.concat(sent).toString('latin1'))
      call.status = answer.statusCode ?? 0
      response.writeHead(call.status, answer.headers)
      answer.pipe(response)
    })
    outgoing.on('error', () => response.destroy())
    incoming.on('data', (chunk: Buffer) => sent.push(chunk))
    incoming.pipe(outgoing)
  }
}

/** The query protocol says it in the form, JSON protocols in a header, S3 by method and address. */
function operationOf({ headers, method = '', url = '' }: IncomingMessage, body: string): string {
  const service =
    /Credential=[^/]+\/\d+\/[^/]+\/([^/]+)\//.exec(headers.authorization ?? '')?.[1] ?? 'unsigned'
  const target = headers['x-amz-target']
  if (typeof target === 'string') return `${service}:${target.split('.').at(-1)}`
  if (service === 's3') return `s3:${objectOperation(method, new URL(url, 'http://s3'))}`
  return `${service}:${new URLSearchParams(body).get('Action') ?? method}`
}

/** What lucree keeps in Beanstalk's bucket. */
function kindOf(key: string): string {
  if (key.endsWith('.zip')) return 'bundle'
  if (/lock/.test(key)) return 'lock'
  return /release/.test(key) ? 'release' : key
}

function objectOperation(method: string, { pathname, searchParams }: URL): string {
  const verb = { GET: 'Get', HEAD: 'Head', PUT: 'Put', POST: 'Post', DELETE: 'Delete' }[method] ?? method
  const [, key] = /^\/[^/]+\/(.+)$/.exec(pathname) ?? []
  if (key !== undefined) return `${verb}Object ${kindOf(decodeURIComponent(key))}`
  if (searchParams.has('list-type')) return 'ListObjects'
  const about = [...searchParams.keys()].find((name) => name !== 'x-id')
  return `${verb}Bucket${about ? `?${about}` : ''}`
}
