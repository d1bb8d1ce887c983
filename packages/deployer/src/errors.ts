/** Exit codes of DESIGN.md §4; `cli/exit-codes.ts` says what each means. */
export type ExitCode = 1 | 2 | 3 | 4 | 5 | 6 | 7 | 8 | 9 | 130

export interface LucreeErrorOptions {
  /** Stable and documented, such as `LUC-SOURCE-NO-DOCKERFILE`. */
  code: string
  exitCode: ExitCode
  /** Why it happened, one sentence; shown behind the message. */
  why?: string
  /** What to run or to change next, the most useful first. */
  hints?: string[]
  /** Lines of a log that show the cause, at most 12, redacted. */
  evidence?: string[]
  /** How sure `why` is, when it was read out of evidence. */
  confidence?: 'certain' | 'likely' | 'unknown'
  /** Where there is more: a page that explains the code, the command that shows the whole logs, and what could not be looked at. */
  more?: { doc: string; logs: string; withheld: string[] }
  /** What is serving requests now, when that is known. */
  serving?: string
  /** Keys that the `--json` document carries beside `error`: what a failed deploy knows all the same. */
  document?: Record<string, unknown>
  cause?: unknown
}

/** Every failure that a user meets: what happened: why; then what to run next. */
export class LucreeError extends Error {
  override readonly name: string = 'LucreeError'
  readonly code: string
  readonly exitCode: ExitCode
  readonly why: string | undefined
  readonly hints: string[]
  readonly evidence: string[]
  readonly serving: string | undefined
  readonly confidence: LucreeErrorOptions['confidence']
  readonly more: LucreeErrorOptions['more']
  readonly document: Record<string, unknown>

  constructor(message: string, options: LucreeErrorOptions) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause })
    this.code = options.code
    this.exitCode = options.exitCode
    this.why = options.why
    this.hints = options.hints ?? []
    this.evidence = options.evidence ?? []
    this.serving = options.serving
    this.confidence = options.confidence
    this.more = options.more
    this.document = options.document ?? {}
  }
}

/** The command line or the project file is wrong. */
export class UsageError extends LucreeError {
  override readonly name = 'UsageError'
  constructor(message: string, options: Omit<LucreeErrorOptions, 'exitCode'>) {
    super(message, { ...options, exitCode: 2 })
  }
}

/** Credentials are missing or don't allow a call. */
export class PermissionError extends LucreeError {
  override readonly name = 'PermissionError'
  constructor(message: string, options: Omit<LucreeErrorOptions, 'exitCode'>) {
    super(message, { ...options, exitCode: 3 })
  }
}

/** The source can't be bundled, or a preflight check refused. */
export class SourceError extends LucreeError {
  override readonly name = 'SourceError'
  constructor(message: string, options: Omit<LucreeErrorOptions, 'exitCode'>) {
    super(message, { ...options, exitCode: 4 })
  }
}

/** AWS (or the embedded Beanstalk) refused a call or could not be reached. */
export class PlatformError extends LucreeError {
  override readonly name: string = 'PlatformError'
  constructor(message: string, options: Omit<LucreeErrorOptions, 'exitCode'>) {
    super(message, { ...options, exitCode: 5 })
  }
}

export interface CloudErrorOptions extends Omit<LucreeErrorOptions, 'exitCode'> {
  /** The service's own code, such as `InvalidParameterValue`; undefined when no answer came. */
  awsCode: string | undefined
  /** Asking again later may do: throttling, a server error, a lost connection. */
  transient: boolean
  /** It was the answer to a repeated call: an earlier one may have been carried out, its answer lost. Default false. */
  repeated?: boolean
}

/** A call that AWS (or the embedded Beanstalk) refused or didn't answer, translated at the edge of `aws/`. */
export class CloudError extends PlatformError {
  override readonly name = 'CloudError'
  readonly awsCode: string | undefined
  readonly transient: boolean
  readonly repeated: boolean
  constructor(message: string, options: CloudErrorOptions) {
    super(message, options)
    this.repeated = options.repeated ?? false
    this.awsCode = options.awsCode
    this.transient = options.transient
  }
}

/** The time limit came before the end; what was begun goes on without lucree. */
export class TimedOut extends LucreeError {
  override readonly name = 'TimedOut'
  constructor(message: string, options: Omit<LucreeErrorOptions, 'exitCode'>) {
    super(message, { ...options, exitCode: 8 })
  }
}

/** The user pressed Ctrl-C or the process was asked to end. */
export class Interrupted extends LucreeError {
  override readonly name = 'Interrupted'
  constructor(message = 'Interrupted', options: Partial<Omit<LucreeErrorOptions, 'exitCode'>> = {}) {
    super(message, { code: 'LUC-INTERRUPTED', ...options, exitCode: 130 })
  }
}
