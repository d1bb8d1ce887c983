import type { ArmedFault } from './fault-control.ts'

/** What is armed of a fault, in a few words: `3 times, after 2, of UpdateEnvironment in shop-env`. */
export function armedWords({ left, after, probability, action, environment, keep }: ArmedFault): string {
  const count = left === 'forever' ? 'forever' : left === 1 ? 'once' : `${left} times`
  const where = [...(action ? [`of ${action}`] : []), ...(environment ? [`in ${environment}`] : [])].join(' ')
  return [
    count,
    ...(after > 0 ? [`after ${after}`] : []),
    ...(probability < 1 ? [`with probability ${probability}`] : []),
    ...(where ? [where] : []),
    ...(keep ? ['kept over restarts'] : []),
  ].join(', ')
}
