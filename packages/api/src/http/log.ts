import { type LoggerService } from '@nestjs/common'
import {
  LogController,
  type FastifyBaseLogger,
  type FastifyReply,
  type FastifyRequest,
  type FastifyServerOptions,
} from 'fastify'
import { type LineOutput } from './output.ts'

/**
 * What a log line says of a request. The route stands for the path, and the query is left out: callers put tokens there by mistake,
 * and the proxy in front has its own log of what was asked for.
 */
const describe = (request: FastifyRequest) => ({
  method: request.method,
  route: request.routeOptions?.url ?? null,
  address: request.ip,
  ...(request.headers.authorization !== undefined && { authorization: request.headers.authorization }),
})

/** JSON lines, on standard output unless another place is given. Whatever object is logged, a caller's credentials in it are not. */
export const logTo = (output: LineOutput | undefined): FastifyServerOptions['logger'] => ({
  level: 'info',
  ...(output && { stream: output }),
  serializers: { req: describe },
  redact: {
    paths: ['req.authorization', 'authorization', 'headers.authorization', 'req.headers.authorization'],
    censor: '[redacted]',
  },
})

/** Logs one line for each answer instead of Fastify's two for each request. */
export class AnswerLog extends LogController {
  override incomingRequest(): void {
    // Its answer says all that this line would.
  }

  override requestCompleted(
    error: Error | null | undefined,
    request: FastifyRequest,
    reply: FastifyReply,
  ): void {
    const line = {
      req: request,
      status: reply.statusCode,
      durationMs: Math.round(reply.elapsedTime * 1000) / 1000,
    }
    if (error) reply.log.error({ ...line, err: error }, 'answer failed')
    else reply.log.info(line, 'answered')
  }
}

/** Sends what Nest itself has to say to the same log; its tale of starting up only where debugging is on. */
export function nestLogger(log: FastifyBaseLogger): LoggerService {
  const at =
    (level: 'debug' | 'warn' | 'error' | 'fatal') =>
    (message: unknown, ...details: unknown[]) =>
      message instanceof Error
        ? log[level]({ err: message, details })
        : log[level]({ details }, String(message))
  return {
    log: at('debug'),
    debug: at('debug'),
    verbose: at('debug'),
    warn: at('warn'),
    error: at('error'),
    fatal: at('fatal'),
  }
}
