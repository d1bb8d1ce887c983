import rateLimit from '@fastify/rate-limit'
import { type NestApplicationOptions } from '@nestjs/common'
import { type FastifyError, type FastifyInstance, type FastifyReply, type FastifyRequest } from 'fastify'
import { FastifyAdapter, type NestFastifyApplication } from '@nestjs/platform-fastify'
import { ADDRESSES } from '../auth/guess-limiter.ts'
import { AnswerLog, logTo, nestLogger } from './log.ts'
import { type LineOutput } from './output.ts'
import { HTML, NOT_FOUND } from './pages.ts'
import { trustedProxies } from './trusted-proxies.ts'
import { answerUnmatched } from './unmatched.ts'

/** A request that hasn't arrived in this time never will. */
const REQUEST_TIMEOUT_MS = 60_000
/** Longer than nginx and a load balancer keep a connection that does nothing (60 s each), so that it is they who close it. */
const KEEP_ALIVE_MS = 72_000

/** Slashes at the beginning of a path count as one, encoded ones too: the challenge's application takes `//` and `/%2f` for `/`. */
const withOneLeadingSlash = (url: string) => url.replace(/^(?:\/|%2f)+/i, '/')

/** The HTTP server under the application. */
export async function httpServer(options: {
  proxyHops: number
  output?: LineOutput
}): Promise<FastifyAdapter> {
  const adapter = new FastifyAdapter({
    logger: logTo(options.output),
    logController: new AnswerLog(),
    trustProxy: trustedProxies(options.proxyHops),
    requestTimeout: REQUEST_TIMEOUT_MS,
    keepAliveTimeout: KEEP_ALIVE_MS,
    rewriteUrl: ({ url = '/' }) => withOneLeadingSlash(url),
    // While stopping, what still arrives on an open connection is served, and the connection closed after it.
    return503OnClosing: false,
    // A path that can't be decoded, such as /%, is a path that isn't there.
    frameworkErrors: (_error: FastifyError, _request: FastifyRequest, reply: FastifyReply) =>
      void reply.code(404).type(HTML).send(NOT_FOUND),
  })
  const server = adapter.getInstance<FastifyInstance>()
  await server.register(rateLimit, { global: false, cache: ADDRESSES })
  answerUnmatched(server)
  return adapter
}

/** How Nest is to run on the server: faults are thrown, not exited on, and told to the one log. */
export function nestOptions(adapter: FastifyAdapter): NestApplicationOptions {
  return { logger: nestLogger(adapter.getInstance().log), abortOnError: false, bodyParser: false }
}

/**
 * Headers that harm no client of a text of one line. No Strict-Transport-Security: TLS, where there is any, ends before this
 * process, and whose domain it is isn't known here.
 */
export function secureHeaders(app: NestFastifyApplication): void {
  app.useSecurityHeaders({
    contentSecurityPolicy: {
      useDefaults: false,
      directives: { 'default-src': "'none'", 'frame-ancestors': "'none'" },
    },
    xFrameOptions: { action: 'deny' },
    strictTransportSecurity: false,
    crossOriginOpenerPolicy: false,
    crossOriginResourcePolicy: false,
    originAgentCluster: false,
    xDnsPrefetchControl: false,
    xDownloadOptions: false,
    xPermittedCrossDomainPolicies: false,
    xXssProtection: false,
  })
}
