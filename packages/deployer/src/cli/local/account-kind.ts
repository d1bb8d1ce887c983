import { resolve } from 'node:path'
import { UsageError } from '../../errors.ts'
import type { LocalServer } from './server.ts'

/** The kinds of account that the embedded Beanstalk knows, for the help alone: the server has the table, and a test holds both together. */
export const ACCOUNT_KINDS: readonly string[] = [
  'new',
  'free-plan',
  'no-default-vpc',
  'no-launch-configurations',
  'full',
  'retired-platform',
  'narrow-permissions:<policy file>',
  'iam-delay:<milliseconds>',
]

/** A policy file is named relative to where the command runs; the server runs elsewhere. */
const POLICY = /^\s*narrow-permissions:(.+?)\s*$/s

/**
 * The kind of account that the embedded Beanstalk should hold: what `--account` says, else `LUCREE_LOCAL_ACCOUNT`; undefined when neither
 * does. Several are joined by commas. The server itself knows which kinds there are.
 */
export function accountKind(
  flag: string | undefined,
  environment: Record<string, string | undefined>,
): string | undefined {
  return (flag ?? environment['LUCREE_LOCAL_ACCOUNT'])
    ?.split(',')
    .map((part) => part.trim().replace(POLICY, (_, file: string) => `narrow-permissions:${resolve(file)}`))
    .join(',')
}

/** Refuses a running server that holds another kind of account: an account stays what it was made as. */
export function withAccount(server: LocalServer, wanted: string | undefined): LocalServer {
  if (wanted === undefined || wanted === server.account) return server
  throw otherAccount(`it holds the account "${server.account}", not "${wanted}"`)
}

/** The error for a state directory that holds another kind of account. */
export const otherAccount = (why: string): UsageError =>
  new UsageError('The embedded Beanstalk holds another kind of account', {
    code: 'LUC-LOCAL-OTHER-ACCOUNT',
    why,
    hints: [
      'lucree local reset   # removes the account that is there, with all that runs in it',
      'LUCREE_LOCAL_DIR=<another directory> for one beside it',
    ],
  })
