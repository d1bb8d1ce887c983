import { isIP } from 'node:net'
import { normalizeIP, type CreateRateLimitOptions } from '@fastify/rate-limit'
import { Inject, Injectable } from '@nestjs/common'
import { HttpAdapterHost } from '@nestjs/core'
import { type FastifyAdapter } from '@nestjs/platform-fastify'
import { type FastifyInstance, type FastifyRequest } from 'fastify'

/** Wrong tokens that one address may present in one window before it is slowed. */
export const GUESSES = 10
/** Length of a window in milliseconds. */
export const WINDOW_MS = 60_000
/** Addresses that are remembered; past that the one seen longest ago is forgotten, so memory is bounded. */
export const ADDRESSES = 5_000

/**
 * Who guesses: the address that the trusted proxies vouch for, IPv6 by its /64, since a caller has all of that to choose from.
 * Text that is no address, which only a caller without a proxy can send, counts for the connection it came on.
 */
const guesser = (request: FastifyRequest) =>
  normalizeIP(isIP(request.ip) ? request.ip : (request.socket.remoteAddress ?? 'unknown'))

const LIMIT: CreateRateLimitOptions = { max: GUESSES, timeWindow: WINDOW_MS, keyGenerator: guesser }

/** Counts wrong tokens by address. Right ones are never asked about, so whoever holds the token isn't slowed by a neighbour's guessing. */
@Injectable()
export class GuessLimiter {
  #count: ReturnType<FastifyInstance['createRateLimit']> | undefined

  constructor(@Inject(HttpAdapterHost) private readonly host: HttpAdapterHost<FastifyAdapter>) {}

  /** Records a wrong guess. Gives the seconds to wait when the address has had its share, else undefined. */
  async record(request: FastifyRequest): Promise<number | undefined> {
    // Only once the server is ready does the plugin's decorator exist.
    this.#count ??= this.host.httpAdapter.getInstance<FastifyInstance>().createRateLimit(LIMIT)
    const share = await this.#count(request)
    return !share.isAllowed && share.isExceeded ? share.ttlInSeconds : undefined
  }
}
