import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import type { IgnoreCase, TreeEntry } from './ignore-cases.ts'

/** Makes a tree and a Dockerfile in a directory. */
export function makeTree(root: string, tree: TreeEntry[]): void {
  const made = new Set<string>()
  const directory = (path: string) => {
    if (!made.has(path)) mkdirSync(path, { recursive: true })
    made.add(path)
  }
  directory(root)
  writeFileSync(join(root, 'Dockerfile'), 'FROM scratch\nCOPY . /\n')
  for (const [path, kind] of tree) {
    const at = join(root, path)
    directory(kind === 'd' ? at : dirname(at))
    if (kind === 'f') writeFileSync(at, '')
    if (kind.startsWith('l:')) symlinkSync(kind.slice(2), at)
  }
}

/** Below a directory, makes the tree of a case with its ignore file; cases of the same tree have it in turn. */
export class IgnoreTrees {
  readonly #directory: string
  readonly #made = new Map<string, string>()

  constructor(directory: string) {
    this.#directory = directory
  }

  rootOf({ ignore, tree }: IgnoreCase): string {
    const key = JSON.stringify(tree)
    const root = this.#made.get(key) ?? join(this.#directory, String(this.#made.size))
    if (!this.#made.has(key)) makeTree(root, tree)
    this.#made.set(key, root)
    writeFileSync(join(root, '.dockerignore'), ignore)
    return root
  }
}
