import { StandardRetryStrategy } from '@smithy/core/retry'
import type { Connection } from './connection.ts'

type Refresh = Parameters<StandardRetryStrategy['refreshRetryTokenForRetry']>
type Token = Refresh[0]

/** The SDK's own tries with back-off, except that a server on this machine that refuses connections has ended: no later try finds it. */
class LocalTries extends StandardRetryStrategy {
  override async refreshRetryTokenForRetry(token: Token, info: Refresh[1]): Promise<Token> {
    if (isRefused(info.error)) throw info.error ?? new Error('The connection was refused')
    return super.refreshRetryTokenForRetry(token, info)
  }
}

function isRefused(error: unknown): boolean {
  const { code, errors = [] } = (error ?? {}) as { code?: unknown; errors?: unknown[] }
  return code === 'ECONNREFUSED' || errors.some(isRefused)
}

/** How often a client tries a call that fails in passing: throttling, a server's error, a lost connection. */
export function tries(
  { endpoint }: Pick<Connection, 'endpoint'>,
  maxAttempts: number,
): { maxAttempts: number; retryStrategy?: StandardRetryStrategy } {
  return endpoint ? { maxAttempts, retryStrategy: new LocalTries({ maxAttempts }) } : { maxAttempts }
}
