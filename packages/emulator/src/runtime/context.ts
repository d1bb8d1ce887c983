import dockerignore from '@balena/dockerignore'
import { readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { readContextFile } from './context-file.ts'

export interface ContextEntry {
  /** Relative to the context, with forward slashes. */
  path: string
  kind: 'file' | 'directory' | 'symlink'
}

/**
 * What `docker build` sees of a directory: all its files, links and directories less `.dockerignore`, sorted by path.
 * The Dockerfile and `.dockerignore` are subject to it like any other file; whoever reads them does so from the directory.
 */
export async function readContext(sourceDir: string, signal: AbortSignal): Promise<ContextEntry[]> {
  const rules = await readIgnoreFile(sourceDir)
  const ignore = dockerignore.default({ ignorecase: false }).add(rules)
  return list(sourceDir, (path) => ignore.ignores(path), /^\s*!/m.test(rules), signal)
}

/** All files, links and directories below a directory, sorted by path. */
export function readTree(directory: string, signal: AbortSignal): Promise<ContextEntry[]> {
  return list(directory, () => false, false, signal)
}

async function list(
  root: string,
  ignores: (path: string) => boolean,
  negated: boolean,
  signal: AbortSignal,
): Promise<ContextEntry[]> {
  const entries: ContextEntry[] = []
  const walk = async (directory: string): Promise<boolean> => {
    signal.throwIfAborted()
    let kept = false
    for (const entry of await readdir(join(root, directory), { withFileTypes: true })) {
      const path = directory === '' ? entry.name : `${directory}/${entry.name}`
      const ignored = ignores(path)
      if (entry.isDirectory()) {
        // An ignored directory can still hold what a negated pattern (`!dist/keep`) brings back.
        if (ignored && !negated) continue
        const index = entries.length
        const below = await walk(path)
        if (ignored && !below) continue
        entries.splice(index, 0, { path, kind: 'directory' })
        kept = true
      } else if (!ignored && (entry.isFile() || entry.isSymbolicLink())) {
        entries.push({ path, kind: entry.isFile() ? 'file' : 'symlink' })
        kept = true
      }
    }
    return kept
  }
  await walk('')
  return entries.sort((a, b) => (a.path < b.path ? -1 : 1))
}

/** What is no file, a directory or a link to nowhere, leaves nothing out. */
async function readIgnoreFile(sourceDir: string): Promise<string> {
  const found = await readContextFile(sourceDir, '.dockerignore')
  return found.kind === 'file' ? found.text : ''
}
