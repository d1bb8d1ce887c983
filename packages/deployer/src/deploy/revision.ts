import { execFile } from 'node:child_process'
import { promisify } from 'node:util'

const run = promisify(execFile)
/** Beanstalk's limit for a version's description (facts sheet §3). */
const DESCRIPTION_CHARACTERS = 200

/** The commit that a source was at when it was bundled. */
export interface SourceRevision {
  /** Full hash. */
  commit: string
  subject: string
  /** The working tree, which is what ships, differs from the commit. */
  dirty: boolean
}

/** Asks git; undefined where there is no repository, no commit or no git: none of them is needed. */
export async function readRevision(
  directory: string,
  signal: AbortSignal,
): Promise<SourceRevision | undefined> {
  const git = async (...words: string[]) =>
    (await run('git', words, { cwd: directory, signal })).stdout.trim()
  try {
    const [head, changes] = await Promise.all([
      git('log', '-1', '--format=%H %s'),
      git('status', '--porcelain', '--untracked-files=normal', '--', '.'),
    ])
    const [commit = '', ...subject] = head.split(' ')
    return { commit, subject: subject.join(' '), dirty: changes !== '' }
  } catch {
    signal.throwIfAborted()
    return undefined
  }
}

/** What the console shows beside a version: the message, else the commit's subject. */
export function descriptionOf(message: string | undefined, revision: SourceRevision | undefined): string {
  const subject = revision && `${revision.subject}${revision.dirty ? ' (with uncommitted changes)' : ''}`
  return [...(message ?? subject ?? 'Deployed by lucree')].slice(0, DESCRIPTION_CHARACTERS).join('')
}
