import password from '@inquirer/password'
import { Sensitive } from '../config/sensitive.ts'
import { UsageError } from '../errors.ts'
import type { Screen } from '../report/screen.ts'

/** Asks for a value twice, without an echo. Only with a terminal: without one the caller has another way, or says which flag does it. */
export async function askSecretTwice(name: string, screen: Screen, signal: AbortSignal): Promise<Sensitive> {
  const context = { ...screen.questions, signal }
  const first = new Sensitive(await password({ message: `New value of ${name}:`, mask: false }, context))
  const second = new Sensitive(await password({ message: `Once more:`, mask: false }, context))
  if (first.equals(second)) return first
  throw new UsageError('The two values differ', {
    code: 'LUC-ENV-MISTYPED',
    hints: [`lucree env set ${name}`],
  })
}
