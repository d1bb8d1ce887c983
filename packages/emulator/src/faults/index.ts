import type { Clock } from '../clock.ts'
import type { HostedService } from '../services/hosted.ts'
import type { Faults } from '../services/elasticbeanstalk/faults.ts'
import type { Arming } from './arming.ts'
import { describeFaults, type DescribedFault } from './endpoint.ts'
import { readKept, writeKept } from './kept.ts'
import { faultsFrom } from './life.ts'
import { FaultRegister, type Armed, type Clearing } from './register.ts'
import { withFaults } from './wire.ts'

/** What is handed to whoever started the emulator as a library. */
export interface FaultControl {
  /** The table of faults, and what of it is armed. */
  list(): { faults: DescribedFault[]; armed: Armed[] }
  /** Throws FaultError `UnknownFault` or `InvalidFault`. */
  arm(arming: Arming): Promise<Armed>
  /** Disarms what is meant; everything, when nothing is said. Answers how many. */
  clear(meant?: Clearing): Promise<number>
}

/** Faults of one account: the register, and where it takes hold. */
export interface AccountFaults {
  register: FaultRegister
  control: FaultControl
  /** In the life of environments. */
  life: Faults
  /** On the wire. */
  around(service: HostedService): HostedService
  /** Lets go of what is delayed. */
  close(): void
}

export interface FaultOptions {
  /** The state directory. */
  dir: string
  clock: Clock
  nameOf: (environmentId: string) => string | undefined
  /** Ends the process as by kill -9; without it no server can be killed. */
  kill?: (() => void) | undefined
}

/** Opens the register with what was kept of it. */
export async function openFaults({ dir, clock, nameOf, kill }: FaultOptions): Promise<AccountFaults> {
  const register = new FaultRegister({ keep: (kept) => writeKept(dir, kept), mayKill: kill !== undefined })
  for (const arming of await readKept(dir)) await register.arm(arming)
  const over = new AbortController()
  // the signal takes a moment; nothing goes on in the meantime
  const die = () => new Promise<never>(() => kill?.())
  return {
    register,
    control: {
      list: () => ({ faults: describeFaults(), armed: register.list() }),
      arm: (arming) => register.arm(arming),
      clear: (meant) => register.clear(meant),
    },
    life: faultsFrom({ register, nameOf, kill: die }),
    around: (service) => ({
      ...service,
      answer: withFaults(service.answer, { register, clock, kill: die, over: over.signal }),
    }),
    close: () => over.abort(),
  }
}
