/** What was seen of a change that failed or didn't end. Plain data, gathered elsewhere: this room does no I/O. */
export interface Evidence {
  /** When the operation began, by the service's clock: what is older than this explains something else. */
  since: Date | undefined
  /** Beanstalk's events of this operation, oldest first. */
  events: { at?: Date; severity: string; message: string }[]
  /** Ends of the instances' log files. */
  logs: { instanceId: string; path: string; lines: string[] }[]
  /** The environment's instances as far as they are known; undefined when nobody could tell, empty when there are none. */
  fleet:
    | {
        id: string
        launchedAt?: Date | undefined
        /** Label of the version that it was last told to run, and how that ended. */
        version?: string | undefined
        deploymentStatus?: string | undefined
      }[]
    | undefined
  /** Causes that enhanced health gives for environment and instances. */
  healthCauses: string[]
  /** What the Auto Scaling group did or tried: why instances don't come. */
  activities: { at: Date; status: string; message: string }[]
  /** What the load balancer thinks of its targets. */
  targets: { target: string; state: string; reason: string | undefined; description: string | undefined }[]
  /** Messages of calls that AWS refused. */
  refusals: string[]
  /** What the application answered, when it was asked; `body` is its beginning. */
  answer:
    | { url: string; status: number | undefined; problem: string | undefined; body?: string | undefined }
    | undefined
  /** Sockets that were seen to be listened on inside of the container; empty when nobody could look. */
  listening: { address: string; port: number }[]
  /** Port that the platform's proxy forwards to, when the bundle tells. */
  port: number | undefined
  /** What the bundle says of its image: the last stage's FROM, and CMD or ENTRYPOINT as written. */
  image: { from?: string | undefined; command?: string | undefined }
  instance: { type?: string | undefined; memoryMiB?: number | undefined; architecture?: string | undefined }
  /** The environment at the end, as DescribeEnvironments tells it. */
  environment: { status: string; health: string; createdAt?: Date | undefined } | undefined
  /** Evidence that could not be had, a sentence each without a full stop. */
  withheld: string[]
  /** Values that must never be shown, wherever they stand. */
  secrets: readonly { reveal(): string }[]
  /** Values of the environment's other properties: nobody says that they are secret, and they are not shown unless they plainly aren't. */
  properties: readonly { reveal(): string }[]
}

const nothing: Evidence = {
  since: undefined,
  events: [],
  logs: [],
  fleet: undefined,
  healthCauses: [],
  activities: [],
  targets: [],
  refusals: [],
  answer: undefined,
  listening: [],
  port: undefined,
  image: {},
  instance: {},
  environment: undefined,
  withheld: [],
  secrets: [],
  properties: [],
}

/** Evidence of which only some was seen. */
export function evidenceOf(seen: Partial<Evidence>): Evidence {
  return { ...nothing, ...seen }
}

/**
 * How sure the cause is: `certain` when the platform, an exit code or an answer says so; `likely` when it is read out of the application's own
 * words; `unknown` when no rule knows it.
 */
export type Confidence = 'certain' | 'likely' | 'unknown'

/** One named cause and one next step. */
export interface Diagnosis {
  /** Stable, such as `LUC-DEPLOY-CONTAINER-ENDED`; `docs/errors.md` has a section for each. */
  code: string
  /** The rule that found it, such as `a variable is missing`. */
  rule: string
  /** What happened, as a sentence without a full stop. */
  cause: string
  confidence: Confidence
  /** Lines that show it, at most 12, redacted, of this operation only. */
  evidence: string[]
  /** What to do about it: one command first, then at most two more. */
  next: string[]
  more: {
    /** Where the code is explained: `docs/errors.md#luc-deploy-…`. */
    doc: string
    /** The command that shows the whole logs. */
    logs: string
    /** What could not be looked at, a sentence each. */
    withheld: string[]
  }
}

/** A diagnosis shows at most this many lines. */
export const EVIDENCE_LINES = 12
