import { readFile, realpath, stat } from 'node:fs/promises'
import { join, sep } from 'node:path'

/** What a builder finds under a name at the context's root; `place` is the file behind all links. */
export type ContextFile =
  | { kind: 'file'; text: string; place: string }
  | { kind: 'directory' }
  | { kind: 'missing' }
  | { kind: 'loop' }

/**
 * Reads a file at the root of a build context as BuildKit does: through links, with the context as their root. One that leads out of it leads nowhere,
 * so that nothing of this machine is read in its place.
 */
export async function readContextFile(directory: string, name: string): Promise<ContextFile> {
  try {
    const [root, path] = await Promise.all([realpath(directory), realpath(join(directory, name))])
    if (!path.startsWith(root + sep)) return { kind: 'missing' }
    const found = await stat(path)
    if (found.isDirectory()) return { kind: 'directory' }
    if (!found.isFile()) return { kind: 'missing' }
    return { kind: 'file', text: await readFile(path, 'utf8'), place: path }
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException
    if (code === 'ELOOP') return { kind: 'loop' }
    if (code === 'ENOENT' || code === 'ENOTDIR') return { kind: 'missing' }
    throw error
  }
}
