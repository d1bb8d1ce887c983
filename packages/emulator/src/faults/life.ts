import type { FaultPoint, Faults, FaultSubject, FaultVerdict } from '../services/elasticbeanstalk/faults.ts'
import type { Fault } from './fault.ts'
import type { Armed, FaultRegister } from './register.ts'

export interface LifeOptions {
  register: FaultRegister
  /** The name of an environment by its id, undefined when there is none. */
  nameOf: (environmentId: string) => string | undefined
  /** Ends the server at once. */
  kill: () => Promise<never>
}

/** What goes wrong on purpose in the life of environments, as the register has it: of several at one moment the first that is armed. */
export function faultsFrom({ register, nameOf, kill }: LifeOptions): Faults {
  const isMeant = ({ environment, action }: Armed, { environmentId = '', ...subject }: FaultSubject) =>
    (environment === null || environment === environmentId || environment === nameOf(environmentId)) &&
    (action === null || action === subject.action)
  return {
    async at(point, subject, signal): Promise<FaultVerdict> {
      const meant = (effect: Fault, armed: Armed) =>
        (effect.kills === point || isAt(effect, point, subject)) && isMeant(armed, subject)
      for await (const { kills, verdict } of register.happening(meant)) {
        if (kills) await kill()
        else if (verdict) return verdict({ subject, signal })
      }
      return 'proceed'
    },
  }
}

const isAt = (effect: Fault, point: FaultPoint, subject: FaultSubject): boolean =>
  effect.point === point && (effect.isMeant?.(subject) ?? true)
