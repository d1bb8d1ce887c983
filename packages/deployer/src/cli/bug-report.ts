import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { inspect } from 'node:util'
import { LucreeError } from '../errors.ts'
import type { Scrubber } from '../report/scrub.ts'
import { stateHome } from './state-home.ts'

/**
 * A failure that nobody foresaw, as the user meets it: one sentence. The stack goes to a file that only the user can read (or, with
 * LUCREE_DEBUG, into the evidence), without the secrets that this process knows.
 */
export async function reportBug(
  error: unknown,
  options: { environment: Record<string, string | undefined>; scrubber: Scrubber; now: number },
): Promise<LucreeError> {
  const message = error instanceof Error ? error.message : String(error)
  const stack = options.scrubber.scrub(error instanceof Error ? inspect(error) : message)
  const failure = { code: 'LUC-BUG', exitCode: 1, why: message, cause: error } as const
  if (options.environment['LUCREE_DEBUG']) {
    return new LucreeError('lucree has a bug', { ...failure, evidence: stack.split('\n').slice(0, 40) })
  }
  const file = join(
    stateHome(options.environment),
    `bug-${new Date(options.now).toISOString().replace(/:/g, '')}.txt`,
  )
  const hint = await keep(file, `${stack}\n`)
  return new LucreeError('lucree has a bug', { ...failure, hints: [hint] })
}

async function keep(file: string, text: string): Promise<string> {
  try {
    await mkdir(join(file, '..'), { recursive: true, mode: 0o700 })
    await writeFile(file, text, { mode: 0o600 })
    return `report it with ${file}, which says where it happened`
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error)
    return `run it again with LUCREE_DEBUG=1 to see where it happened (no report was kept: ${why})`
  }
}
