import { createHash, timingSafeEqual } from 'node:crypto'
import * as z from 'zod'
import type { Answer } from '../http/answer.ts'
import { BodyTooLarge, headerOf, readBody, type HttpRequest } from '../http/request.ts'
import { json } from '../inventory-endpoint.ts'
import { armingSchema } from './arming.ts'
import { catalog } from './catalog.ts'
import { FaultError } from './fault.ts'
import type { Clearing, FaultRegister } from './register.ts'

/** Where faults are listed (GET), armed (POST) and cleared (DELETE, `?name=&environment=`): no path of AWS's, so it is in nobody's way. */
export const FAULTS_PATH = '/_lucree/faults'

const LONGEST_BODY = 16 * 1024

/**
 * Answers whoever shows the server's token (`Authorization: Bearer …`), which stands in `server.json`, readable by the directory's owner
 * only. Others get `{"error": {code, message}}` with 403, and nothing is read of what they sent.
 */
export async function answerFaults(
  register: FaultRegister,
  token: string,
  request: HttpRequest,
): Promise<Answer> {
  if (!isToken(headerOf(request.headers, 'authorization'), token)) {
    return refused(403, 'AccessDenied', 'Faults are for whoever can read the token in server.json.')
  }
  try {
    return await carriedOut(register, request)
  } catch (cause) {
    if (cause instanceof FaultError) return refused(400, cause.code, cause.message)
    if (cause instanceof BodyTooLarge) return refused(413, 'InvalidFault', 'The request is too long.')
    if (cause instanceof z.ZodError) return refused(400, 'InvalidFault', z.prettifyError(cause))
    if (cause instanceof SyntaxError) return refused(400, 'InvalidFault', 'The request is not JSON.')
    throw cause
  }
}

/** Compared as digests, in constant time. */
function isToken(authorization: string | undefined, token: string): boolean {
  const digest = (text: string) => createHash('sha256').update(text).digest()
  return timingSafeEqual(digest(authorization ?? ''), digest(`Bearer ${token}`))
}

async function carriedOut(register: FaultRegister, { method, query, body }: HttpRequest): Promise<Answer> {
  switch (method) {
    case 'GET':
      return json(200, { faults: describeFaults(), armed: register.list() })
    case 'POST': {
      const asked: unknown = JSON.parse((await readBody(body, LONGEST_BODY)).toString('utf8'))
      return json(201, { armed: await register.arm(armingSchema.parse(asked)) })
    }
    case 'DELETE':
      return json(200, { cleared: await register.clear(clearingOf(query)) })
    default:
      return refused(405, 'MethodNotAllowed', `${FAULTS_PATH} takes GET, POST and DELETE.`)
  }
}

const clearingOf = (query: URLSearchParams): Clearing => ({
  name: query.get('name') ?? undefined,
  environment: query.get('environment') ?? undefined,
})

/** A fault that can be armed, as it is listed. */
export interface DescribedFault {
  name: string
  does: string
  /** What stands behind its colon; null when nothing does. */
  argument: string | null
  /** It goes on until it is cleared, unless it is armed with a number of times. */
  lasting: boolean
}

/** The table of faults. */
export const describeFaults = (): DescribedFault[] =>
  catalog.map(({ name, does, argument, lasting }) => ({
    name,
    does,
    argument: argument?.shown ?? null,
    lasting,
  }))

const refused = (status: number, code: string, message: string): Answer =>
  json(status, { error: { code, message } })
