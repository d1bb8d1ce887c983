import { randomBytes, randomInt } from 'node:crypto'
import { join } from 'node:path'
import writeFileAtomic from 'write-file-atomic'
import * as z from 'zod'
import { EmulatorError } from './errors.ts'
import type { Credentials } from './http/credentials.ts'
import { readJsonFile } from './state/json-file.ts'

/** The account that a state directory holds: one, with one user. */
export interface Account {
  /** Twelve digits. */
  accountId: string
  credentials: Credentials
  caller: { arn: string; userId: string }
}

const AccountFile = z.strictObject({
  accountId: z.string().regex(/^\d{12}$/),
  accessKeyId: z.string().regex(/^AKIA[A-Z0-9]{16}$/),
  secretAccessKey: z.string().min(40),
  userId: z.string().regex(/^AIDA[A-Z0-9]{17}$/),
})
type AccountFile = z.infer<typeof AccountFile>

/** AWS's alphabet of identifiers: base 32. */
const LETTERS = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567'
const letters = (count: number) =>
  Array.from({ length: count }, () => LETTERS[randomInt(LETTERS.length)]).join('')

/** A made-up account. The key id looks like AWS's, and like nobody's: real ones never spell LOCAL. */
function invent(): AccountFile {
  return {
    accountId: String(randomInt(100_000_000_000, 1_000_000_000_000)),
    accessKeyId: `AKIALUCREELOCAL${letters(5)}`,
    secretAccessKey: randomBytes(30).toString('base64url'),
    userId: `AIDA${letters(17)}`,
  }
}

/** Reads the account of a state directory, or makes one there (`account.json`, mode 0600). */
export async function openAccount(dir: string): Promise<Account> {
  const path = join(dir, 'account.json')
  const found = await readJsonFile(path)
  if (found === undefined) {
    const made = invent()
    await writeFileAtomic(path, `${JSON.stringify(made, null, 2)}\n`, { mode: 0o600 })
    return accountOf(made)
  }
  const read = AccountFile.safeParse(found)
  if (read.success) return accountOf(read.data)
  throw new EmulatorError(
    'StateUnreadable',
    `${path} does not hold an account: ${z.prettifyError(read.error)}`,
  )
}

const accountOf = (file: AccountFile): Account => ({
  accountId: file.accountId,
  credentials: { accessKeyId: file.accessKeyId, secretAccessKey: file.secretAccessKey },
  caller: { arn: `arn:aws:iam::${file.accountId}:user/lucree`, userId: file.userId },
})
