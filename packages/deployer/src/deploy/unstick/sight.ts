/** What may be done about an environment, from the least to the most destructive. */
export type StepName =
  'wait' | 'abort' | 'restart' | 'redeploy' | 'restore' | 'revive' | 'rebuild' | 'terminate'

/** Why an environment doesn't work, as `diagnose/` reads it out of its evidence. */
export interface SeenCause {
  code: string
  /** A sentence without a full stop. */
  sentence: string
  /** The platform's own word, and not only likely by the application's. */
  certain: boolean
  /** It is how things stand, which may change by itself; no guess either. */
  observed?: true
  next: string[]
  evidence: string[]
}

/** All that `unstickPlan` decides by: an environment at one moment. Times in milliseconds, by the service's clock. */
export interface Sight {
  environment: string
  /** Beanstalk's status, or `none` where there is no environment and none that could be revived. */
  status: string
  /** Green, Yellow, Red or Grey. */
  health: string
  version: string | undefined
  /** The update that is under way can be aborted. */
  abortable: boolean
  /** Ready, its version on every instance, and the application answers. */
  works: boolean
  /** What is missing for that, in one clause. */
  missing: string
  /** The application answers, whichever version does. */
  answers: boolean
  instances: number
  /** Labels that the instances run, each once. */
  versions: string[]
  /** Since what is under way began, or the environment was changed last. */
  sinceMs: number
  /** Since the environment's last event. */
  quietMs: number
  /** Silence after which an operation counts as stuck. */
  stalledAfterMs: number
  /** The newest release that was proven, and the options that are not as they were then. */
  lastGood: { number: number; version: string; differing: string[] } | undefined
  cause: SeenCause | undefined
  /** Rules of other groups that keep AWS from deleting the environment's security groups, each with the command that takes them away. */
  heldBy: { group: string; holder: string; command: string }[]
  /** Steps that were taken already and didn't do. */
  tried: StepName[]
}
