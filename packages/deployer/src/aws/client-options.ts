import type { Connection } from './connection.ts'
import { tries } from './tries.ts'

/** Settings that every SDK client of lucree shares. */
export function clientOptions(connection: Connection) {
  const { region, profile, endpoint, credentials } = connection
  return {
    region,
    ...(profile ? { profile } : {}),
    ...(endpoint ? { endpoint } : {}),
    ...(credentials
      ? {
          credentials: {
            accessKeyId: credentials.accessKeyId,
            secretAccessKey: credentials.secretAccessKey.reveal(),
          },
        }
      : {}),
    // Beanstalk's rate limit is per account and shared with the console (facts sheet §3.2); ten attempts with back-off ride out a burst.
    ...tries(connection, 10),
    requestHandler: { connectionTimeout: 5_000, requestTimeout: 60_000, throwOnRequestTimeout: true },
  }
}

/** Options of one call. */
export function callOptions(signal: AbortSignal | undefined): { abortSignal?: AbortSignal } {
  return signal ? { abortSignal: signal } : {}
}
