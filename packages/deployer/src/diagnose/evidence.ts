/** What was seen of a deploy that failed. Plain data, gathered elsewhere: this room does no I/O. */
export interface Evidence {
  /** Beanstalk's events of this operation, oldest first. */
  events: { severity: string; message: string }[]
  /** Ends of the instances' log files. */
  logs: { instanceId: string; path: string; lines: string[] }[]
  /** Causes that enhanced health gives for environment and instances. */
  healthCauses: string[]
  /** What the application answered, when it was asked. */
  answer: { url: string; status: number | undefined; problem: string | undefined } | undefined
  /** Port that the platform's proxy forwards to, when the bundle tells. */
  port: number | undefined
}

/** One named cause and one next step. */
export interface Diagnosis {
  /** Stable, such as `LUC-DEPLOY-CONTAINER-ENDED`. */
  code: string
  /** What happened, as a sentence without a full stop. */
  cause: string
  /** Lines that show it, at most 12. */
  evidence: string[]
  /** What to do about it, the most useful first. */
  next: string[]
}

/** A diagnosis shows at most this many lines. */
export const EVIDENCE_LINES = 12
