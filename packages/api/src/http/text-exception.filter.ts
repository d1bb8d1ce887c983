import {
  Catch,
  HttpException,
  HttpStatus,
  NotFoundException,
  type ArgumentsHost,
  type ExceptionFilter,
} from '@nestjs/common'
import { type FastifyReply } from 'fastify'
import { HTML, NOT_FOUND } from './pages.ts'

/** Answers every exception with its text; what isn't meant for the caller is logged and answered 500. */
@Catch()
export class TextExceptionFilter implements ExceptionFilter {
  catch(exception: unknown, host: ArgumentsHost): void {
    const reply = host.switchToHttp().getResponse<FastifyReply>()
    reply.type(HTML)
    if (exception instanceof NotFoundException) reply.code(HttpStatus.NOT_FOUND).send(NOT_FOUND)
    else if (exception instanceof HttpException) reply.code(exception.getStatus()).send(exception.message)
    else {
      reply.log.error({ err: exception }, 'request failed')
      reply.code(HttpStatus.INTERNAL_SERVER_ERROR).send('Internal Server Error')
    }
  }
}
