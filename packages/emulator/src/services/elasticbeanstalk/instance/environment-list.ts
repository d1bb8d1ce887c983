import type { Setting } from '../state/model.ts'
import { propertiesOf } from '../options/settings.ts'

/**
 * What the container gets of the environment's properties: the platform writes them as `KEY=VALUE` lines to env.list and gives that file to
 * `docker run --env-file`. So quotes stay, and of a value with a newline only the first line arrives.
 */
export function containerEnvironment(settings: readonly Setting[]): Record<string, string> {
  const list = Object.entries(propertiesOf(settings)).map(([name, value]) => `${name}=${value}`)
  return parseEnvironmentList(list.join('\n'))
}

/** As Docker reads an env-file: blank lines and comments are passed over, and a name without `=` would mean the host's own variable, which isn't there. */
export function parseEnvironmentList(text: string): Record<string, string> {
  const variables: [string, string][] = []
  for (const line of text.split(/\r?\n/)) {
    const trimmed = line.trimStart()
    const equals = trimmed.indexOf('=')
    if (trimmed === '' || trimmed.startsWith('#') || equals < 1) continue
    const name = trimmed.slice(0, equals)
    if (!/\s/.test(name)) variables.push([name, trimmed.slice(equals + 1)])
  }
  return Object.fromEntries(variables)
}
