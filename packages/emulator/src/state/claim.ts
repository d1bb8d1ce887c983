import { randomUUID } from 'node:crypto'
import { link, readdir, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import writeFileAtomic from 'write-file-atomic'
import * as z from 'zod'
import { EmulatorError } from '../errors.ts'
import { readJsonFile } from './json-file.ts'
import { identify, isAlive, type ProcessIdentity } from './process-identity.ts'

/** A directory that belongs to this process until it is released. */
export interface Claim {
  release(): Promise<void>
}

/** Somebody else, alive, holds the directory. */
export class Held extends Error {
  override readonly name = 'Held'
  readonly holder: ProcessIdentity
  constructor(holder: ProcessIdentity) {
    super(`held by process ${holder.pid}`)
    this.holder = holder
  }
}

const Holder = z.union([
  z.strictObject({ pid: z.number().int().positive(), startedAt: z.string() }),
  z.strictObject({ released: z.literal(true) }),
])

/** More rounds than processes that could ever start at once. */
const MAX_ROUNDS = 100
const NAME = /^claim\.(\d+)$/

/**
 * Claims a directory for this process; a claim whose process died is taken over at once. Throws {@link Held}.
 *
 * Each claim is a file with the next higher number, made by link(2), which one of several rivals can do. The highest is never
 * removed, so a number is never given twice: a slow rival that wakes up late finds its number taken, or a higher one beside it.
 */
export async function claimDirectory(dir: string): Promise<Claim> {
  const me = await identify(process.pid)
  if (!me) throw new EmulatorError('StateUnreadable', 'This process can not find its own start time.')
  const draft = join(dir, `.claim-${randomUUID()}`)
  await writeFile(draft, JSON.stringify(me), { mode: 0o600, flag: 'wx' })
  try {
    for (let round = 0; round < MAX_ROUNDS; round++) {
      const claim = await tryNext(dir, draft)
      if (claim) return claim
    }
  } finally {
    await rm(draft, { force: true })
  }
  throw new EmulatorError(
    'StateNotWritable',
    `${dir} can't be claimed: too many others try at the same moment.`,
  )
}

async function tryNext(dir: string, draft: string): Promise<Claim | undefined> {
  const highest = Math.max(0, ...(await numbers(dir)))
  if (highest) await refuseIfHeld(join(dir, `claim.${highest}`))
  const mine = join(dir, `claim.${highest + 1}`)
  try {
    await link(draft, mine)
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code === 'EEXIST') return undefined
    throw cause
  }
  const now = await numbers(dir)
  if (Math.max(...now) > highest + 1) {
    await rm(mine, { force: true })
    return undefined
  }
  for (const number of now) if (number <= highest) await rm(join(dir, `claim.${number}`), { force: true })
  return { release: () => writeFileAtomic(mine, JSON.stringify({ released: true }), { mode: 0o600 }) }
}

async function refuseIfHeld(path: string): Promise<void> {
  const found = await readJsonFile(path)
  // gone meanwhile: somebody went ahead, and the next round sees them
  if (found === undefined) return
  const holder = Holder.safeParse(found)
  if (!holder.success)
    throw new EmulatorError('StateUnreadable', `${path} is not a claim. Remove it if no server runs.`)
  if ('pid' in holder.data && (await isAlive(holder.data))) throw new Held(holder.data)
}

async function numbers(dir: string): Promise<number[]> {
  const names = await readdir(dir)
  return names.flatMap((name) => NAME.exec(name)?.[1] ?? []).map(Number)
}
