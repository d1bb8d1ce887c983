import { existsSync } from 'node:fs'
import { readdir } from 'node:fs/promises'
import { join, posix } from 'node:path'

/** Directories that a workspace's packages lie in by custom. */
const SHELVES = ['packages', 'apps', 'services']

/** Directories with a Dockerfile, relative to `dir`, with forward slashes: `.` alone when it has one itself, else those below it. */
export async function findSources(dir: string): Promise<string[]> {
  if (existsSync(join(dir, 'Dockerfile'))) return ['.']
  const near = await directoriesIn(dir)
  const shelved = await Promise.all(
    SHELVES.filter((shelf) => near.includes(shelf)).map(async (shelf) =>
      (await directoriesIn(join(dir, shelf))).map((name) => posix.join(shelf, name)),
    ),
  )
  return [...near, ...shelved.flat()].filter((path) => existsSync(join(dir, path, 'Dockerfile'))).sort()
}

async function directoriesIn(dir: string): Promise<string[]> {
  const entries = await readdir(dir, { withFileTypes: true })
  return entries
    .filter((entry) => entry.isDirectory() && !entry.name.startsWith('.') && entry.name !== 'node_modules')
    .map(({ name }) => name)
}
