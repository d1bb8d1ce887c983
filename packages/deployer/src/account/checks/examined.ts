import type { Caller } from '../../beanstalk/ports.ts'
import type { AccountContext } from '../context.ts'
import type { LocalRuntime } from './engine.ts'

/** What a check of the account may look at once it is known whose account it is. */
export interface ExaminedContext extends AccountContext {
  caller: Caller
  /** Names of variables that lucree's own process environment holds, from which a deploy takes what is required. */
  given?: ReadonlySet<string>
  /** What runs applications on this machine; undefined with AWS. */
  runtime?: LocalRuntime | undefined
}
