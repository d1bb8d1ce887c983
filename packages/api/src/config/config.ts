import * as z from 'zod'
import { AcceptedTokens } from '../auth/accepted-tokens.ts'
import { readPort } from './port.ts'
import { isSendable, sendablePart } from './token.ts'

/** What the environment of the process says, checked. Holds no token in a readable form. */
export interface Config {
  /** Address to listen on. */
  host: string
  port: number
  /** How many proxies in front are known to append to X-Forwarded-For; 0 when callers connect directly. */
  proxyHops: number
  tokens: AcceptedTokens
  release: Release
}

/** What was deployed, as far as the environment's properties tell. */
export interface Release {
  version: string | null
  release: string | null
}

/** The environment can't be started with. The message is one sentence and holds no value of a variable. */
export class ConfigError extends Error {
  override readonly name = 'ConfigError'
  /** EX_CONFIG of sysexits.h. */
  readonly exitCode = 78
}

const WITHOUT_TOKEN = 'LUCREE_PASSWD is missing or empty: set it to the token that callers must send'

const sendable = (name: string) =>
  z
    .string()
    .transform(sendablePart)
    .refine(
      isSendable,
      `${name} holds a line break or another control character, which no Authorization header can carry`,
    )
const integer = (name: string, minimum: number, maximum: number) => {
  const message = `${name} must be a whole number from ${minimum} to ${maximum}`
  return z
    .string()
    .regex(/^\d+$/, message)
    .transform(Number)
    .refine((n) => n >= minimum && n <= maximum, message)
}
/** A property that was set to nothing says as much as one that wasn't set. */
const unlessEmpty = (value: unknown) => (value === '' ? undefined : value)

const environment = z.object({
  LUCREE_PASSWD: z
    .string(WITHOUT_TOKEN)
    .pipe(sendable('LUCREE_PASSWD'))
    .refine((token) => token !== '', WITHOUT_TOKEN),
  LUCREE_PASSWD_PREVIOUS: sendable('LUCREE_PASSWD_PREVIOUS').optional(),
  LUCREE_HOST: z.preprocess(unlessEmpty, z.string().default('0.0.0.0')),
  PORT: z
    .string()
    .optional()
    .transform((value, context) => {
      const port = readPort(value)
      if (port === undefined) context.addIssue('PORT must be a whole number from 0 to 65535')
      return port ?? z.NEVER
    }),
  LUCREE_PROXY_HOPS: z.preprocess(unlessEmpty, integer('LUCREE_PROXY_HOPS', 0, 8).default(0)),
  LUCREE_VERSION: z.preprocess(unlessEmpty, z.string().optional()),
  LUCREE_RELEASE: z.preprocess(unlessEmpty, z.string().optional()),
})

/** Reads and checks the environment. Throws {@link ConfigError} that names what is wrong with which variable. */
export function readConfig(env: NodeJS.ProcessEnv): Config {
  const read = environment.safeParse(env)
  if (!read.success) throw new ConfigError(`${read.error.issues.map((issue) => issue.message).join('; ')}.`)
  const { LUCREE_PASSWD: current, LUCREE_PASSWD_PREVIOUS: previous } = read.data
  return {
    host: read.data.LUCREE_HOST,
    port: read.data.PORT,
    proxyHops: read.data.LUCREE_PROXY_HOPS,
    tokens: new AcceptedTokens(previous ? [current, previous] : [current]),
    release: { version: read.data.LUCREE_VERSION ?? null, release: read.data.LUCREE_RELEASE ?? null },
  }
}
