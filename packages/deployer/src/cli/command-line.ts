import { shellQuote } from './shell-quote.ts'

/** Where a command goes, as its flags say. */
interface Destination {
  local: boolean
  environment?: string | undefined
  region?: string | undefined
  profile?: string | undefined
}

/** A command of lucree's for the same destination, as one types it into a shell. */
export function commandLine(command: string, { local, ...named }: Destination): string {
  const flags = (['environment', 'region', 'profile'] as const).flatMap((name) => {
    const value = named[name]
    return value === undefined ? [] : [`--${name} ${shellQuote(value)}`]
  })
  return ['lucree', command, ...(local ? ['--local'] : []), ...flags].join(' ')
}
