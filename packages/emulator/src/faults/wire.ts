import type { Clock } from '../clock.ts'
import type { Answer } from '../http/answer.ts'
import type { Claim } from '../http/authorization.ts'
import type { ServiceHandler } from '../http/dispatch.ts'
import { BodyTooLarge, isGone, serviceTime, type HttpRequest } from '../http/request.ts'
import { Refusal } from '../http/refusal.ts'
import { readCall, type WireCall } from './call.ts'
import type { Fault } from './fault.ts'
import type { Armed, FaultRegister } from './register.ts'

export interface WireOptions {
  register: FaultRegister
  clock: Clock
  /** Ends the server at once. */
  kill: () => Promise<never>
  /** Aborted when the server closes, so that nothing is delayed any longer. */
  over: AbortSignal
}

/** A service whose requests may go wrong on purpose, as the register has it. Requests without a signature never do. */
export const withFaults =
  (handler: ServiceHandler, options: WireOptions): ServiceHandler =>
  async (request, claim, fault) => {
    if (!claim || !isAnyMeant(options.register)) return handler(request, claim, fault)
    const call = await read(request, claim)
    return call ? answer(handler, call, claim, options) : unread(request)
  }

const isAnyMeant = (register: FaultRegister): boolean =>
  register.has(({ request, kills }) => request !== undefined || kills === 'answer ready')

/** Undefined when the body is too long or broke off. */
async function read(request: HttpRequest, claim: Claim): Promise<WireCall | undefined> {
  try {
    return await readCall(request, claim)
  } catch (cause) {
    if (cause instanceof BodyTooLarge || isGone(cause)) return undefined
    throw cause
  }
}

const unread = (request: HttpRequest): Answer => ({
  status: 413,
  headers: { connection: 'close' },
  about: `${request.path} unread`,
})

async function answer(
  handler: ServiceHandler,
  call: WireCall,
  claim: Claim,
  { register, clock, kill, over }: WireOptions,
): Promise<Answer> {
  const { service, request } = call
  let refused: Refusal | undefined
  let breaks: Answer['breaks']
  const meant = (effect: Fault, armed: Armed) => effect.request !== undefined && isMeant(armed, call)
  for await (const { request: effect } of register.happening(meant)) {
    if (effect?.kind === 'delayed') await clock.sleep(effect.ms, over).catch(() => undefined)
    if (effect?.kind === 'skewed') request.skewMs = (request.skewMs ?? 0) + effect.ms
    if (effect?.kind === 'refused') refused = new Refusal(effect.reason(service))
    if (effect?.kind === 'truncated') breaks = 'midway'
    if (effect?.kind === 'dropped') {
      breaks = 'instead'
      if (!effect.carriedOut) return { status: 0, headers: {}, breaks, about: `${call.action} dropped` }
    }
    if (refused || breaks) break
  }
  const given = await handler(request, claim, refused)
  const kills = (effect: Fault, armed: Armed) => effect.kills === 'answer ready' && isMeant(armed, call)
  if (!(await register.happening(kills).next()).done) await kill()
  const headers = { ...given.headers }
  if (request.skewMs !== undefined) headers['date'] = serviceTime(request, clock).toUTCString()
  return { ...given, headers, ...(breaks ? { breaks } : {}) }
}

const isMeant = ({ action, environment }: Armed, call: WireCall): boolean =>
  (action === null || action === call.action) &&
  (environment === null || call.environments.includes(environment))
