import type { Operation } from './state/model.ts'

/** Moments of an Elastic Beanstalk's life at which something may go wrong on purpose. */
export type FaultPoint =
  /** A request was understood and is about to be carried out. */
  | 'request accepted'
  /** An event is about to be written. */
  | 'event written'
  /** An operation is about to do its first thing. */
  | 'operation beginning'
  /** Instances are about to be launched. */
  | 'instance launching'
  /** The Auto Scaling group is about to try to launch them; it tries again when that fails. */
  | 'launch tried'
  /** An instance has its command and is about to execute it. */
  | 'command executing'
  /** An environment's health was looked at and is about to be told. */
  | 'health computed'
  /** A termination is about to delete the environment's security groups. */
  | 'groups deleting'
  /** An operation is done and its environment is about to be Ready. */
  | 'operation ending'

/** What it is about, as far as the point knows. */
export interface FaultSubject {
  /** Of the API, at `request accepted`. */
  action?: string
  requestId?: string
  environmentId?: string
  instanceId?: string
  /** Of the operation that is under way. */
  operation?: Operation['kind']
  /** CloudFormation's name of the environment's stack, at `operation beginning`. */
  stack?: string
  /** What is launched, at `launch tried`. */
  instanceType?: string
  zone?: string
  /** Of the event, at `event written`. */
  message?: string
}

/** What happens then; other points than those that are named take it for `proceed`, which is as always. */
export type FaultVerdict =
  | 'proceed'
  /** What was about to happen doesn't, at `event written` and `health computed`. */
  | 'skip'
  /** It happens twice, at `event written`. */
  | 'repeat'
  /** Its health is told as Unknown, at `health computed`. */
  | 'unknown'
  /** At `instance launching` they start, and nobody ever hears of them; at `health computed` nobody hears of any instance, nor of what it runs. */
  | 'unheard'
  /** It is seen only so much later, and nothing waits for it, at `event written`. */
  | { lateMs: number }
  /** It comes to nothing, which this text tells: at `launch tried` in an activity, at `operation beginning` in an event. */
  | { refused: string }

/**
 * Asked at every point. An answer that takes its time delays what was about to happen; one that never comes keeps it from happening until
 * `signal` is aborted (the operation was stopped, or the command's time is over), upon which it has to reject. An error is what the point throws:
 * a ServiceError at `request accepted` is answered to the caller, an InstanceFailure or NoAnswer at `command executing` fails the command, anything
 * else ends the operation as unforeseen.
 */
export interface Faults {
  at(point: FaultPoint, subject: FaultSubject, signal?: AbortSignal): Promise<FaultVerdict>
}

/** Nothing goes wrong on purpose. */
export const noFaults: Faults = { at: async () => 'proceed' }
