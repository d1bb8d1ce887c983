import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

export const root = fileURLToPath(new URL('../..', import.meta.url))
/** Made by tools, or examples that tests break. */
const ASIDE = new Set(['node_modules', 'dist', 'coverage', 'fixtures', 'apps', 'CHANGELOG.md'])

/** Every Markdown file of this repository, from its root. */
export function allPapers(folder = ''): string[] {
  return readdirSync(join(root, folder), { withFileTypes: true })
    .filter(({ name }) => !ASIDE.has(name) && !name.startsWith('.'))
    .flatMap((entry) => {
      const path = folder === '' ? entry.name : `${folder}/${entry.name}`
      if (entry.isDirectory()) return allPapers(path)
      return entry.name.endsWith('.md') ? [path] : []
    })
    .sort()
}

/** The text of a file of this repository. */
export function read(path: string): string {
  return readFileSync(join(root, path), 'utf8')
}
