/** Moments of an Elastic Beanstalk's life at which something may go wrong on purpose. */
export type FaultPoint =
  /** A request was understood and is about to be carried out. */
  | 'request accepted'
  /** An event is about to be written. */
  | 'event written'
  /** Instances are about to be launched. */
  | 'instance launching'
  /** An instance has its command and is about to execute it. */
  | 'command executing'
  /** An environment's health was looked at and is about to be told. */
  | 'health computed'
  /** An operation is done and its environment is about to be Ready. */
  | 'operation ending'

/** What it is about, as far as the point knows. */
export interface FaultSubject {
  /** Of the API, at `request accepted`. */
  action?: string
  requestId?: string
  environmentId?: string
  instanceId?: string
  /** Of the event, at `event written`. */
  message?: string
}

/**
 * What happens then. `proceed`: as always. `skip`: what was about to happen doesn't; only at `event written` and `health computed`. `repeat`: it
 * happens twice; only at `event written`.
 */
export type FaultVerdict = 'proceed' | 'skip' | 'repeat'

/**
 * Asked at every point. An answer that takes its time delays what was about to happen; one that never comes keeps it from happening until
 * `signal` is aborted (the operation was stopped, or the command's time is over), upon which it has to reject. An error is what the point throws:
 * a ServiceError at `request accepted` is answered to the caller, an InstanceFailure at `command executing` fails the command, anything else
 * ends the operation as unforeseen.
 */
export interface Faults {
  at(point: FaultPoint, subject: FaultSubject, signal?: AbortSignal): Promise<FaultVerdict>
}

/** Nothing goes wrong on purpose. */
export const noFaults: Faults = { at: async () => 'proceed' }
