import { readdir } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { UsageError } from '../../errors.ts'
import { stateHome } from '../state-home.ts'

/** State directory of the embedded Beanstalk: `LUCREE_LOCAL_DIR`, else `$XDG_STATE_HOME/lucree/beanstalk`. One directory is one account. */
export function localStateDir(environment: Record<string, string | undefined>): string {
  const chosen = environment['LUCREE_LOCAL_DIR']
  return chosen ? resolve(chosen) : join(stateHome(environment), 'beanstalk')
}

/** What a server leaves behind that ended before it had an account. */
const traces = /^(server\.|\.?claim|last-port$)/

/** Whether a directory holds an embedded Beanstalk, or what is left of one. */
export async function isStateDirectory(dir: string): Promise<boolean> {
  const names = await namesIn(dir)
  return names.includes('account.json') || (names.length > 0 && names.every((name) => traces.test(name)))
}

/** Refuses a directory that somebody uses for something else: the server closes it to others, and `local reset` removes it. */
export async function checkStateDirectory(dir: string): Promise<void> {
  if ((await namesIn(dir)).length === 0 || (await isStateDirectory(dir))) return
  throw new UsageError(`${dir} can't be the state directory`, {
    code: 'LUC-LOCAL-DIRECTORY',
    why: 'it holds files that are not of an embedded Beanstalk',
    hints: ['Name an empty or new directory in LUCREE_LOCAL_DIR.'],
  })
}

async function namesIn(dir: string): Promise<string[]> {
  try {
    return await readdir(dir)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return []
    if ((error as NodeJS.ErrnoException).code !== 'ENOTDIR') throw error
    throw new UsageError(`${dir} can't be the state directory`, {
      code: 'LUC-LOCAL-DIRECTORY',
      why: 'it is a file',
      hints: ['Name an empty or new directory in LUCREE_LOCAL_DIR.'],
      cause: error,
    })
  }
}
