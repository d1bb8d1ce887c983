import { FaultError, wholeNumber, type FaultKind, type RequestEffect } from './fault.ts'

/** An hour: longer than any client waits. */
const LONGEST_MS = 3_600_000
/** A day either way. */
const FURTHEST_SECONDS = 86_400

const always = (effect: RequestEffect) => () => ({ request: effect })

/** What goes wrong between a client and any of the account's services. */
export const requestFaults: FaultKind[] = [
  {
    name: 'throttle',
    does: 'A request is refused because too many came: Throttling, Rate exceeded (S3: SlowDown, EC2: RequestLimitExceeded)',
    lasting: false,
    make: always({ kind: 'refused', reason: (service) => ({ kind: 'throttled', service }) }),
  },
  {
    name: 'server-error',
    does: 'A request is answered with an error of the service and not carried out',
    argument: { shown: '500|503', example: '503', default: '500' },
    lasting: false,
    make: (text) => {
      const status = text === '500' ? 500 : text === '503' ? 503 : undefined
      if (status === undefined) {
        throw new FaultError('InvalidFault', `server-error takes 500 or 503, not "${text}".`)
      }
      return { request: { kind: 'refused', reason: () => ({ kind: 'failing', status }) } }
    },
  },
  {
    name: 'latency',
    does: 'A request waits that long before it is carried out',
    argument: { shown: 'milliseconds', example: '500' },
    lasting: true,
    make: (text) => ({
      request: { kind: 'delayed', ms: wholeNumber('latency', text, 'milliseconds', 1, LONGEST_MS) },
    }),
  },
  {
    name: 'dropped-connection',
    does: 'The connection breaks before the request is carried out',
    lasting: false,
    make: always({ kind: 'dropped', carriedOut: false }),
  },
  {
    name: 'lost-answer',
    does: 'The request is carried out and the connection breaks before its answer',
    lasting: false,
    make: always({ kind: 'dropped', carriedOut: true }),
  },
  {
    name: 'truncated-response',
    does: 'The request is carried out and the connection breaks in the middle of its answer',
    lasting: false,
    make: always({ kind: 'truncated' }),
  },
  {
    name: 'clock-skew',
    does: 'The service’s clock is that far ahead, or behind with a minus: signatures are checked by it and answers carry its date',
    argument: { shown: 'seconds', example: '1800' },
    lasting: true,
    make: (text) => {
      const seconds = wholeNumber('clock-skew', text, 'seconds', -FURTHEST_SECONDS, FURTHEST_SECONDS)
      return { request: { kind: 'skewed', ms: seconds * 1000 } }
    },
  },
]
