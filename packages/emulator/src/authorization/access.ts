import type { Credentials } from '../http/credentials.ts'
import type { Caller } from '../services/service.ts'
import type { PolicyDocument } from './policy.ts'

/** Whose an access key is. */
export interface KeyHolder {
  credentials: Credentials
  caller: Caller
}

/** What the account knows of those who call it: which keys are whose, and what each may do. */
export interface Access {
  /** `undefined` when no user has that key, or it is inactive. */
  holderOf(accessKeyId: string): KeyHolder | undefined
  /** The policies of a user or role by its ARN, attached and inline; none when there is no such identity. */
  policiesOf(arn: string): readonly PolicyDocument[]
}
