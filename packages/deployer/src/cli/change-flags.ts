import * as Flags from '@oclif/core/flags'
import { followFlag, lockWaitFlag, steadyFlag } from './flags.ts'

/** Flags of every command that changes an environment. */
export const changeFlags = {
  'dry-run': Flags.boolean({ description: 'Say what would be done and change nothing' }),
  wait: Flags.boolean({
    description: 'Follow the change to its end and prove it',
    default: true,
    allowNo: true,
  }),
  rollback: Flags.boolean({
    description: 'Bring back what worked before when the change fails',
    default: true,
    allowNo: true,
  }),
  steady: steadyFlag,
  'lock-wait': lockWaitFlag,
  follow: followFlag,
}
