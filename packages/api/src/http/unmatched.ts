import { type FastifyInstance, type FastifyReply, type FastifyRequest } from 'fastify'
import { HTML, METHOD_NOT_ALLOWED, NOT_FOUND } from './pages.ts'

const pathOf = (request: FastifyRequest) => request.url.split('?', 1)[0] ?? '/'

/** Methods of the routes at a path, as an Allow header lists them; empty when there is nothing at the path. */
function allowedAt(server: FastifyInstance, url: string): string[] {
  const routed = server.supportedMethods.filter((method) => server.hasRoute({ url, method }))
  return routed.length === 0 ? [] : [...new Set([...routed, 'OPTIONS'])].sort()
}

function answer(request: FastifyRequest, reply: FastifyReply): FastifyReply {
  reply.type(HTML)
  const allowed = allowedAt(request.server, pathOf(request))
  if (allowed.length === 0) return reply.code(404).send(NOT_FOUND)
  reply.header('Allow', allowed.join(', '))
  return request.method === 'OPTIONS' ? reply.code(200).send('') : reply.code(405).send(METHOD_NOT_ALLOWED)
}

/**
 * Answers what no route takes: 404 for an unknown path; 405 for another method on a known one; its methods for OPTIONS. No token is
 * asked for. It happens before a body is read, so that what the body holds can't turn the answer into another.
 */
export function answerUnmatched(server: FastifyInstance): void {
  server.addHook('onRequest', (request, reply, done) => {
    if (request.is404) answer(request, reply)
    else done()
  })
}
