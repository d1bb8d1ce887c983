import { join } from 'node:path'
import * as z from 'zod'
import type { Clock } from '../../clock.ts'
import { Sensitive } from '../../config/sensitive.ts'
import { PlatformError } from '../../errors.ts'
import { answers, parse, readOptional, readServerRecord, type ServerRecord } from './server-record.ts'
import { TimeIsUp, within } from './within.ts'

/** A running embedded Beanstalk and what it is spoken to with. */
export interface LocalServer extends ServerRecord {
  /** State directory; absolute. */
  dir: string
  region: string
  credentials: { accessKeyId: string; secretAccessKey: Sensitive }
  /** The kind of account, as it was asked for: `new`, `free-plan`, … */
  account: string
}

/** What every look at the server takes. */
export interface Around {
  clock: Clock
  signal: AbortSignal
}

/** The embedded Beanstalk has one region. */
const REGION = 'us-east-1'
const ANSWER_WITHIN_MS = 3_000

const accountSchema = z.object({
  accessKeyId: z.string().min(16),
  secretAccessKey: z.string().min(40),
  // a directory from before there were kinds has a new account
  scenario: z.object({ name: z.string() }).default({ name: 'new' }),
})

/** The server of a state directory, undefined when none runs there. */
export async function findServer(dir: string, around: Around): Promise<LocalServer | undefined> {
  const record = await readServerRecord(dir)
  if (!record || !(await answersInTime(record, around))) return undefined
  return { ...record, dir, region: REGION, ...(await readAccount(dir)) }
}

async function answersInTime(record: ServerRecord, around: Around): Promise<boolean> {
  try {
    return await within(around, ANSWER_WITHIN_MS, (signal) => answers(record, signal))
  } catch (error) {
    if (error instanceof TimeIsUp) return false
    throw error
  }
}

async function readAccount(dir: string): Promise<Pick<LocalServer, 'credentials' | 'account'>> {
  const path = join(dir, 'account.json')
  const account = parse((await readOptional(path)) ?? '', accountSchema)
  if (!account) {
    throw new PlatformError('The embedded Beanstalk has no credentials', {
      code: 'LUC-LOCAL-NO-CREDENTIALS',
      why: `${path} holds none`,
      hints: ['lucree local reset'],
    })
  }
  const { accessKeyId, secretAccessKey, scenario } = account
  return {
    credentials: { accessKeyId, secretAccessKey: new Sensitive(secretAccessKey) },
    account: scenario.name,
  }
}
