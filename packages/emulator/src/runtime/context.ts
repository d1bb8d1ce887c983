import { IgnoreFileError, ignoreFileNames, parseIgnoreFile, type IgnoreFile } from '@lucree/docker-context'
import { readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { readContextFile } from './context-file.ts'
import { BuildFailed } from './runtime.ts'

export interface ContextEntry {
  /** Relative to the context, with forward slashes. */
  path: string
  kind: 'file' | 'directory' | 'symlink'
}

/** What is to be left out of a directory. */
type Rules = Pick<IgnoreFile, 'ignores' | 'prunes'>

const everything: Rules = { ignores: () => false, prunes: () => false }

/**
 * What BuildKit sees of a directory: all its files, links and directories less the ignore file, sorted by path. The Dockerfile and the ignore
 * file are subject to it like any other file; whoever reads them does so from the directory. Throws {@link BuildFailed} for an ignore file that
 * BuildKit refuses.
 */
export async function readContext(sourceDir: string, signal: AbortSignal): Promise<ContextEntry[]> {
  const found = await findIgnoreFile(sourceDir)
  if (!found) return list(sourceDir, everything, signal)
  try {
    return await list(sourceDir, parseIgnoreFile(found.text), signal)
  } catch (error) {
    if (!(error instanceof IgnoreFileError)) throw error
    const { line, text, message } = error
    throw new BuildFailed('build', `failed to solve: ${found.name}:${line}: ${text}: ${message}`, {
      cause: error,
    })
  }
}

/** All files, links and directories below a directory, sorted by path. */
export function readTree(directory: string, signal: AbortSignal): Promise<ContextEntry[]> {
  return list(directory, everything, signal)
}

async function list(root: string, rules: Rules, signal: AbortSignal): Promise<ContextEntry[]> {
  const entries: ContextEntry[] = []
  /** Answers whether anything of the directory was kept. */
  const walk = async (directory: string): Promise<boolean> => {
    signal.throwIfAborted()
    const before = entries.length
    for (const entry of await readdir(join(root, directory), { withFileTypes: true })) {
      const path = directory === '' ? entry.name : `${directory}/${entry.name}`
      const ignored = rules.ignores(path)
      if (entry.isDirectory()) {
        // A directory that is left out is there all the same when a negation brings back something below it.
        const below = !rules.prunes(path) && (await walk(path))
        if (below || !ignored) entries.push({ path, kind: 'directory' })
      } else if (!ignored && (entry.isFile() || entry.isSymbolicLink())) {
        entries.push({ path, kind: entry.isFile() ? 'file' : 'symlink' })
      }
    }
    return entries.length > before
  }
  await walk('')
  return entries.sort((a, b) => (a.path < b.path ? -1 : 1))
}

/** The one ignore file that counts. What is no file, a directory or a link to nowhere, leaves nothing out. */
async function findIgnoreFile(sourceDir: string): Promise<{ name: string; text: string } | undefined> {
  for (const name of ignoreFileNames()) {
    const found = await readContextFile(sourceDir, name)
    if (found.kind === 'file') return { name, text: found.text }
  }
  return undefined
}
