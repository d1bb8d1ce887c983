import { randomBytes, randomInt } from 'node:crypto'
import { join } from 'node:path'
import { isDeepStrictEqual } from 'node:util'
import writeFileAtomic from 'write-file-atomic'
import * as z from 'zod'
import { EmulatorError } from './errors.ts'
import type { Credentials } from './http/credentials.ts'
import { readScenario, storedScenario, type Scenario } from './scenario.ts'
import { readJsonFile } from './state/json-file.ts'

/** The account that a state directory holds: one, with one user. */
export interface Account {
  /** Twelve digits. */
  accountId: string
  credentials: Credentials
  caller: { arn: string; userId: string }
  /** What kind of account it is; it stays so for as long as the directory does. */
  scenario: Scenario
}

const AccountFile = z.strictObject({
  accountId: z.string().regex(/^\d{12}$/),
  accessKeyId: z.string().regex(/^AKIA[A-Z0-9]{16}$/),
  secretAccessKey: z.string().min(40),
  userId: z.string().regex(/^AIDA[A-Z0-9]{17}$/),
  scenario: storedScenario,
})
type AccountFile = z.infer<typeof AccountFile>

/** AWS's alphabet of identifiers: base 32. */
const LETTERS = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567'
const letters = (count: number) =>
  Array.from({ length: count }, () => LETTERS[randomInt(LETTERS.length)]).join('')

/** A made-up account. The key id looks like AWS's, and like nobody's: real ones never spell LOCAL. */
function invent(scenario: Scenario): AccountFile {
  return {
    accountId: String(randomInt(100_000_000_000, 1_000_000_000_000)),
    accessKeyId: `AKIALUCREELOCAL${letters(5)}`,
    secretAccessKey: randomBytes(30).toString('base64url'),
    userId: `AIDA${letters(17)}`,
    scenario,
  }
}

/**
 * Reads the account of a state directory, or makes one there (`account.json`, mode 0600). `wanted` names the {@link Scenario}; without it a
 * new directory gets a `new` account and an old one stays what it is. Throws EmulatorError `OtherAccount` when it is another kind already.
 */
export async function openAccount(dir: string, wanted?: string): Promise<Account> {
  const path = join(dir, 'account.json')
  const found = await readJsonFile(path)
  if (found === undefined) {
    const made = invent(await readScenario(wanted ?? 'new'))
    await writeFileAtomic(path, `${JSON.stringify(made, null, 2)}\n`, { mode: 0o600 })
    return accountOf(made)
  }
  const read = AccountFile.safeParse(found)
  if (!read.success) {
    throw new EmulatorError(
      'StateUnreadable',
      `${path} does not hold an account: ${z.prettifyError(read.error)}`,
    )
  }
  if (wanted !== undefined) refuseOther(dir, read.data.scenario, await readScenario(wanted))
  return accountOf(read.data)
}

function refuseOther(dir: string, is: Scenario, wanted: Scenario): void {
  if (isDeepStrictEqual({ ...is, name: '' }, { ...wanted, name: '' })) return
  const policy = is.name === wanted.name ? ' with another policy' : ''
  throw new EmulatorError(
    'OtherAccount',
    `${dir} holds the account "${is.name}"${policy}, and an account stays what it is: "${wanted.name}" needs a new directory, or this one after a reset.`,
  )
}

const accountOf = (file: AccountFile): Account => ({
  accountId: file.accountId,
  credentials: { accessKeyId: file.accessKeyId, secretAccessKey: file.secretAccessKey },
  caller: { arn: `arn:aws:iam::${file.accountId}:user/lucree`, userId: file.userId },
  scenario: file.scenario,
})
