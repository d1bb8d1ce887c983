import type { Clock } from '../../clock.ts'
import type { IncomingBody } from './body.ts'
import type { DiskStore } from './disk/store.ts'

/** What an action of S3 knows of the request beside its input. */
export interface S3Call {
  store: DiskStore
  clock: Clock
  region: string
  accountId: string
  /** The object's bytes, where the operation's body is a stream. */
  body: IncomingBody
  /** The base URL as the client addressed it, without a trailing slash. */
  endpoint: string
}

/** An output, with the status where it isn't the operation's usual one. */
export interface S3Output {
  status?: number
  /** Members as the SDK's command outputs name them. */
  output: Record<string, unknown>
  /** Written as it is in place of a document that the model can't describe. */
  raw?: string
}

export type S3Action<Input> = (input: Input, call: S3Call) => Promise<S3Output>
