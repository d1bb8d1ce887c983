import type { Need } from '../authorization/authorize.ts'

/** Who signed a request, as GetCallerIdentity tells it. */
export interface Caller {
  accountId: string
  arn: string
  userId: string
}

/** What an action knows of the request that called it, beside its input. */
export interface Call {
  action: string
  /** Answered as RequestId, and carried by every event that the call causes. */
  requestId: string
  region: string
  caller: Caller
  /** The emulator's own base URL as the client addressed it, without a trailing slash. */
  endpoint: string
  /** When it came, by the clock that the client sees. */
  at: Date
}

/** One operation of a service: plain input in, plain output out, in the shapes of the AWS SDK's command types. Throws {@link ServiceError}. */
export type Action<Input = never, Output = unknown> = (input: Input, call: Call) => Promise<Output>

/** A service of the AWS query protocol (Elastic Beanstalk, STS, later IAM, EC2, …): one grammar for all. */
export interface QueryService {
  /** The name in the signature's credential scope: `elasticbeanstalk`, `sts`, … */
  signingName: string
  /** The API version that the client sends as `Version`. */
  apiVersion: string
  /** The XML namespace of its answers. */
  xmlNamespace: string
  /** The operation schemas that the SDK package exports, by operation name without the trailing `$`. */
  schemas: Record<string, unknown>
  actions: Record<string, Action>
  /**
   * What a caller must be allowed for an action; without it, `<signingName>:<Operation>` on `*`. It may look at the account, and throws
   * nothing: what is wrong with the input is the action's to say.
   */
  needs?: (operation: string, input: Record<string, unknown>) => readonly Need[] | Promise<readonly Need[]>
}

/** An error that the service answers to its caller: `code` and `message` go over the wire as they are. */
export class ServiceError extends Error {
  override readonly name = 'ServiceError'
  readonly code: string
  readonly status: number
  constructor(code: string, message: string, status = 400, options?: ErrorOptions) {
    super(message, options)
    this.code = code
    this.status = status
  }
}
