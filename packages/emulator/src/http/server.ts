import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import { Readable } from 'node:stream'
import type { Clock } from '../clock.ts'
import type { Log } from '../log.ts'
import { send, type Answer } from './answer.ts'
import { readRequest, type HttpRequest } from './request.ts'

/** Answers one request; it never throws for what a client did. */
export type Handler = (request: HttpRequest) => Promise<Answer>

/** Longer than the SDKs' agents keep an idle connection, so that it is they who close it and no request meets a closed one. */
const KEEP_ALIVE_MS = 75_000
/** A large upload on a busy machine; S3's own limit lies near. */
const REQUEST_TIMEOUT_MS = 15 * 60_000

/** A plain HTTP server around one handler; it isn't listening yet. */
export function createHttpServer(handler: Handler, log: Log): Server {
  const server = createServer((message, response) => {
    answerOne(handler, message, response, log).catch((cause: unknown) => {
      log(`a request could not be answered: ${cause instanceof Error ? cause.stack : String(cause)}`)
      response.destroy()
    })
  })
  server.keepAliveTimeout = KEEP_ALIVE_MS
  server.requestTimeout = REQUEST_TIMEOUT_MS
  return server
}

async function answerOne(handler: Handler, message: IncomingMessage, response: ServerResponse, log: Log) {
  const request = readRequest(message)
  const answer = await handler(request)
  // the query string is left out: a presigned URL's holds its signature
  log(`${request.method} ${request.path} ${answer.status}${answer.about ? ` ${answer.about}` : ''}`)
  if (response.destroyed) {
    if (answer.body instanceof Readable) answer.body.destroy()
    return
  }
  // what nobody read is let through: a client that is still sending would never look at the answer
  if (!message.complete) message.resume()
  await send(response, answer)
}

/** How long requests in flight get to end when the server is closed. */
const CLOSE_WITHIN_MS = 10_000
const LOOK_EVERY_MS = 25

/** Stops listening, lets what is in flight end, and cuts what hasn't ended in time. */
export async function closeServer(server: Server, clock: Clock): Promise<void> {
  let open = true
  const closed = new Promise<void>((resolve, reject) => {
    server.close((error) => (error ? reject(error) : resolve()))
  }).finally(() => (open = false))
  const deadline = clock.now().getTime() + CLOSE_WITHIN_MS
  // a kept connection comes to rest after its answer, and nobody else closes it then
  while (open && clock.now().getTime() < deadline) {
    server.closeIdleConnections()
    await Promise.race([closed, clock.sleep(LOOK_EVERY_MS)])
  }
  server.closeAllConnections()
  await closed
}
