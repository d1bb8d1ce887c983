/**
 * The image's HEALTHCHECK: ends with 0 when the application in the same container answers `/health` with 200. Whatever else happens
 * is thrown, so that the engine keeps the reason and sees an exit code of 1.
 */
import { get } from 'node:http'
import { ownPort } from './config/port.ts'

const TIMEOUT_MS = 2_000

const request = get(
  { host: '127.0.0.1', port: ownPort(), path: '/health', timeout: TIMEOUT_MS, agent: false },
  (response) => {
    response.resume()
    if (response.statusCode !== 200) throw new Error(`/health answered ${response.statusCode}`)
  },
)
request.on('timeout', () => request.destroy(new Error(`/health did not answer within ${TIMEOUT_MS} ms`)))
