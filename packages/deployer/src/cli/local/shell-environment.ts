import { Revealed } from '../../report/scrub.ts'
import { shellQuote } from '../shell-quote.ts'
import type { LocalServer } from './server.ts'

/** Variables that would lead AWS tools elsewhere, or make them sign as somebody else. */
const MISLEADING = [
  'AWS_PROFILE',
  'AWS_DEFAULT_PROFILE',
  'AWS_SESSION_TOKEN',
  'AWS_SECURITY_TOKEN',
  'AWS_IGNORE_CONFIGURED_ENDPOINT_URLS',
]

/** What AWS tools need to be set to speak to the embedded Beanstalk. The secret key is printed, because it was asked for. */
export function shellEnvironment({
  url,
  region,
  credentials,
}: LocalServer): Record<string, string | Revealed> {
  return {
    AWS_ENDPOINT_URL: url,
    AWS_REGION: region,
    AWS_DEFAULT_REGION: region,
    AWS_ACCESS_KEY_ID: credentials.accessKeyId,
    AWS_SECRET_ACCESS_KEY: new Revealed(credentials.secretAccessKey.reveal()),
  }
}

/** The lines for a POSIX shell's `eval`: what to set, and what to take away so that it has its effect. */
export function shellLines(
  variables: Record<string, string | Revealed>,
  environment: Record<string, string | undefined>,
): (string | Revealed)[] {
  const perService = Object.keys(environment).filter((name) => /^AWS_ENDPOINT_URL_[A-Z0-9_]+$/.test(name))
  const exports = Object.entries(variables).map(([name, value]) =>
    value instanceof Revealed
      ? new Revealed(`export ${name}=${shellQuote(value.text)}`)
      : `export ${name}=${shellQuote(value)}`,
  )
  return [...exports, `unset ${[...MISLEADING, ...perService].join(' ')}`]
}
