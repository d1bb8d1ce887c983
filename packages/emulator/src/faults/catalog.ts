import { environmentFaults } from './environments.ts'
import { FaultError, type Fault, type FaultKind } from './fault.ts'
import { instanceFaults } from './instances.ts'
import { killFault } from './kill.ts'
import { requestFaults } from './requests.ts'

/** Every fault that can be armed, by what it goes wrong with. */
export const catalog: readonly FaultKind[] = [
  ...requestFaults,
  ...environmentFaults,
  ...instanceFaults,
  killFault,
]

/** Reads `name` or `name:argument`. Throws {@link FaultError} `UnknownFault`, or `InvalidFault` for an argument that it doesn't take. */
export function readFault(text: string): { kind: FaultKind; fault: Fault } {
  const [name = '', ...rest] = text.split(':')
  const kind = catalog.find((one) => one.name === name)
  if (!kind) {
    const names = catalog.map((one) => one.name).join(', ')
    throw new FaultError('UnknownFault', `There is no fault "${name}". The faults are: ${names}.`)
  }
  const { argument } = kind
  const given = rest.length > 0 ? rest.join(':') : argument?.default
  if (argument && given === undefined) {
    throw new FaultError('InvalidFault', `${name} needs its ${argument.shown}: ${name}:${argument.example}.`)
  }
  if (!argument && given !== undefined) {
    throw new FaultError('InvalidFault', `${name} takes nothing behind a colon, not "${given}".`)
  }
  return { kind, fault: kind.make(given ?? '') }
}

export const isFaultName = (name: string): boolean => catalog.some((one) => one.name === name)
