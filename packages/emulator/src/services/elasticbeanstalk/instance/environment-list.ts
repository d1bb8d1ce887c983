import type { Setting } from '../state/model.ts'
import { propertiesOf } from '../options/settings.ts'

/** Bytes that a line of an env-file has at most: the buffer of Go's scanner, less its newline. */
const longestLine = 64 * 1024 - 1

/** What Go calls white space: not quite what JavaScript does. */
const leadingSpace = /^[\t\n\v\f\r \u0085\u00a0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000]+/

/** The file that `docker run --env-file` refuses, so that no container starts. `message` has docker's words without what was set. */
export class EnvironmentListError extends Error {
  override readonly name = 'EnvironmentListError'
  /** The property whose value has the refused line. */
  readonly property: string
  constructor(message: string, property: string) {
    super(message)
    this.property = property
  }
}

/**
 * What the container gets of the environment's properties: the platform writes them as `KEY=VALUE` lines to env.list and gives that file to
 * `docker run --env-file`. So quotes stay, a carriage return at the end of a value goes, and the second line of a value is a line of its own. Throws
 * {@link EnvironmentListError} where docker refuses the file.
 */
export function containerEnvironment(settings: readonly Setting[]): Record<string, string> {
  const variables: [string, string][] = []
  for (const [property, value] of Object.entries(propertiesOf(settings))) {
    for (const line of `${property}=${value}`.split('\n')) {
      const variable = readLine(line, property)
      if (variable) variables.push(variable)
    }
  }
  return Object.fromEntries(variables)
}

/**
 * As docker's command reads a line (docker/cli, `opts/file.go`; run with 20.10 and 28.2): blank lines and comments are passed over, and a name without `=`
 * would mean the instance's own variable, which isn't there. A property's name has no blanks, so what is refused is always a part of a value.
 */
function readLine(line: string, property: string): [string, string] | undefined {
  if (Buffer.byteLength(line) > longestLine) {
    throw new EnvironmentListError('bufio.Scanner: token too long.', property)
  }
  const trimmed = line.replace(/\r$/, '').replace(leadingSpace, '')
  if (trimmed === '' || trimmed.startsWith('#')) return undefined
  const equals = trimmed.indexOf('=')
  const name = equals < 0 ? trimmed : trimmed.slice(0, equals)
  if (/[ \t]/.test(name)) throw poorlyFormatted("variable '[redacted]' contains whitespaces.", property)
  if (name === '') throw poorlyFormatted("no variable name on line '[redacted]'.", property)
  return equals < 0 ? undefined : [name, trimmed.slice(equals + 1)]
}

function poorlyFormatted(problem: string, property: string): EnvironmentListError {
  return new EnvironmentListError(`poorly formatted environment: ${problem}`, property)
}
