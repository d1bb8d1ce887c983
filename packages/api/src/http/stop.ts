import { type NestFastifyApplication } from '@nestjs/platform-fastify'
import closeWithGrace from 'close-with-grace'
import { lastAnswers } from './last-answers.ts'

/** Time for callers to hear on their open connections that these end, in milliseconds. With none open there is nothing to wait for. */
const FAREWELL_MS = 1_000
/** Time for running requests to finish, in milliseconds. An engine kills a container 10 s after it asked it to stop. */
export const GRACE_MS = 5_000
/** After this the process ends whatever happens, with code 1. */
const BOUND_MS = 8_000

/**
 * On SIGTERM or SIGINT: answers what is asked on open connections and closes them with the answer, stops accepting, finishes what runs,
 * exits with 0. Connections that are still open after {@link GRACE_MS} are cut; no handler here takes that long, so they are callers that
 * never finished asking. An uncaught error ends the process with 1. Call it before the application listens.
 */
export function stopOnSignal(app: NestFastifyApplication): void {
  const fastify = app.getHttpAdapter().getInstance()
  const { log, server } = fastify
  const sayFarewell = lastAnswers(fastify)
  // beforeExit is left out: a process that has nothing left to do because it failed to listen keeps its exit code.
  closeWithGrace({ delay: BOUND_MS, logger: log, skip: ['beforeExit'] }, async ({ signal, err }) => {
    if (err) log.fatal({ err }, 'uncaught error, stopping')
    else log.info({ signal }, 'stopping')
    const cut = setTimeout(() => {
      log.warn('connections that were still open are cut')
      server.closeAllConnections()
    }, GRACE_MS)
    if (!err) await sayFarewell(FAREWELL_MS)
    await app.close()
    clearTimeout(cut)
    log.info('stopped')
  })
}
