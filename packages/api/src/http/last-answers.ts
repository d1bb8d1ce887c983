import { type FastifyInstance } from 'fastify'
import { Server } from 'node:net'
import { setImmediate as afterAccepting, setTimeout as delay } from 'node:timers/promises'

/** Turns of the event loop in which somebody may still come. */
const MOST_TURNS = 100

/**
 * Lets callers that hold a connection open find out that it ends, before it does: a connection that is closed while its next request
 * is on the way loses that request. Call it before the server listens.
 *
 * @returns what begins it. From then on the server doesn't listen, and every answer on a connection that is there says
 * `Connection: close` and ends it. Connections on which nothing is asked within `limitMs` milliseconds are closed then. It resolves
 * when no connection is left.
 */
export function lastAnswers(fastify: FastifyInstance): (limitMs: number) => Promise<void> {
  const { server } = fastify
  let last = false
  let accepted = 0
  server.on('connection', () => accepted++)
  fastify.addHook('onSend', (_request, reply, _payload, done) => {
    if (last) reply.header('Connection', 'close')
    done()
  })
  /** A listener that goes resets whoever waits to be accepted. */
  const untilNobodyWaits = async () => {
    for (let turns = 0, before = -1; before !== accepted && turns < MOST_TURNS; turns++) {
      before = accepted
      await afterAccepting()
    }
  }
  return async (limitMs) => {
    await untilNobodyWaits()
    // The listener only: an HTTP server's own close() also cuts each connection on which nothing has been read yet. It goes before the
    // last answers are given, since callers that were told to close come back at once, and would be reset when it went later.
    const ended = new Promise<void>((resolve) => Server.prototype.close.call(server, () => resolve()))
    last = true
    await Promise.race([ended, delay(limitMs)])
    server.closeIdleConnections()
    await ended
  }
}
