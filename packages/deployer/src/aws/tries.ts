import {
  isClockSkewError,
  isThrottlingError,
  isTransientError,
  StandardRetryStrategy,
} from '@smithy/core/retry'
import type { Connection } from './connection.ts'

type Refresh = Parameters<StandardRetryStrategy['refreshRetryTokenForRetry']>
type Token = Refresh[0]
type Failure = NonNullable<Refresh[1]['error']> & {
  name: string
  $metadata?: { httpStatusCode?: number; clockSkewCorrected?: boolean }
}

/**
 * The SDK's own tries with back-off, except for what no later try would change: a server on this machine that refuses connections has ended; and an
 * answer that isn't about the clock. While this machine's clock is off by four minutes or more the SDK (3.1169.0) takes every error's `Date` for a
 * correction of its clock, and tries a 404 ten times: 20 s for an object that isn't there.
 */
class Tries extends StandardRetryStrategy {
  readonly #isLocal: boolean

  constructor(maxAttempts: number, isLocal: boolean) {
    super({ maxAttempts })
    this.#isLocal = isLocal
  }

  override async refreshRetryTokenForRetry(token: Token, info: Refresh[1]): Promise<Token> {
    const error: Failure | undefined = info.error
    if (error && ((this.#isLocal && isRefused(error)) || isOnlyCorrected(error, token))) throw error
    return super.refreshRetryTokenForRetry(token, info)
  }
}

function isRefused(error: unknown): boolean {
  const { code, errors = [] } = (error ?? {}) as { code?: unknown; errors?: unknown[] }
  return code === 'ECONNREFUSED' || errors.some(isRefused)
}

/** Whether an error would be tried again for the clock's sake alone, and isn't about the clock. */
function isOnlyCorrected(error: Failure, token: Token): boolean {
  const { $metadata = {} } = error
  if (!$metadata.clockSkewCorrected || isClockSkewError(error)) return false
  const uncorrected = Object.assign(Object.create(error) as Failure, {
    $metadata: { ...$metadata, clockSkewCorrected: false },
  })
  if (isThrottlingError(error) || isTransientError(uncorrected)) return false
  // The answer to a HEAD has no body that could name the clock.
  return $metadata.httpStatusCode !== 403 || token.getRetryCount() > 0
}

/** How often a client tries a call that fails in passing: throttling, a server's error, a lost connection. */
export function tries(
  { endpoint }: Pick<Connection, 'endpoint'>,
  maxAttempts: number,
): { maxAttempts: number; retryStrategy: StandardRetryStrategy } {
  return { maxAttempts, retryStrategy: new Tries(maxAttempts, endpoint !== undefined) }
}
