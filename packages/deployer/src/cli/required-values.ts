import { Sensitive } from '../config/sensitive.ts'
import { UsageError } from '../errors.ts'
import type { Screen } from '../report/screen.ts'
import { askSecretTwice } from './ask-secret.ts'
import { generateSecret } from './generate-secret.ts'

export interface ValueSources {
  /** Names of `--generate`. */
  generate: string[]
  screen: Screen
  signal: AbortSignal
}

/**
 * Values for required variables that the environment lacks: from lucree's own environment, asked without echo, or generated (DESIGN.md §4). Throws
 * a {@link UsageError} naming all that are left without one.
 */
export async function requiredValues(
  names: string[],
  sources: ValueSources,
): Promise<Map<string, Sensitive>> {
  const { generate, screen, signal } = sources
  const values = new Map<string, Sensitive>()
  const left: string[] = []
  for (const name of names) {
    const given = process.env[name]
    if (given !== undefined) values.set(name, new Sensitive(given))
    else if (generate.includes(name)) values.set(name, generateSecret())
    else if (screen.interactive) values.set(name, await askSecretTwice(name, screen, signal))
    else left.push(name)
  }
  if (left.length > 0) throw missing(left)
  return values
}

function missing(names: string[]): UsageError {
  const [first = ''] = names
  return new UsageError(`${names.join(' and ')} ${names.length > 1 ? 'are' : 'is'} required and not set`, {
    code: 'LUC-ENV-REQUIRED',
    why: 'lucree.json requires it, the environment has no such property, and there is no terminal to ask on',
    hints: [
      `lucree deploy --generate ${first}`,
      `set ${first} in the environment that lucree runs in; in CI, from its secret store`,
    ],
  })
}
