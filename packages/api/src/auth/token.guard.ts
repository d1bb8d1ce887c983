import {
  HttpException,
  HttpStatus,
  Inject,
  Injectable,
  UnauthorizedException,
  type CanActivate,
  type ExecutionContext,
} from '@nestjs/common'
import { Reflector } from '@nestjs/core'
import { type FastifyReply, type FastifyRequest } from 'fastify'
import { AcceptedTokens } from './accepted-tokens.ts'
import { presentedToken } from './authorization-header.ts'
import { GuessLimiter } from './guess-limiter.ts'
import { IS_PUBLIC } from './public.decorator.ts'

/** Lets a request through when it presents an accepted token, or when its handler is `@Public()`. */
@Injectable()
export class TokenGuard implements CanActivate {
  constructor(
    @Inject(Reflector) private readonly reflector: Reflector,
    @Inject(AcceptedTokens) private readonly tokens: AcceptedTokens,
    @Inject(GuessLimiter) private readonly limiter: GuessLimiter,
  ) {}

  canActivate(context: ExecutionContext): boolean | Promise<never> {
    if (this.reflector.getAllAndOverride<boolean>(IS_PUBLIC, [context.getHandler(), context.getClass()]))
      return true
    const http = context.switchToHttp()
    const request = http.getRequest<FastifyRequest>()
    const token = presentedToken(request.headers.authorization)
    if (token && this.tokens.accept(token)) return true
    return this.refuse(request, http.getResponse<FastifyReply>(), token !== undefined)
  }

  /** Only a wrong token counts as a guess: a health check or a browser without one learns nothing and is not slowed. */
  private async refuse(request: FastifyRequest, reply: FastifyReply, guessed: boolean): Promise<never> {
    const retryAfter = guessed ? await this.limiter.record(request) : undefined
    if (retryAfter !== undefined) {
      reply.header('Retry-After', retryAfter)
      throw new HttpException('Too Many Requests', HttpStatus.TOO_MANY_REQUESTS)
    }
    reply.header('WWW-Authenticate', 'Token realm="Authentication Required"')
    throw new UnauthorizedException('Unauthorized Access')
  }
}
