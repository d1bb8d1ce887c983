import { cleanCopySource, copyPattern } from '@lucree/docker-context'
import type { CheckedEntry } from './checked-source.ts'

/** As many links as Linux follows, and more than anybody has in one path. */
const MOST_LINKS = 40

type Node = { kind: 'file' | 'directory' } | { kind: 'symlink'; target: string }

/** Where a path of the context leads: `path` is the one at the end of its links, or the first one on the way that isn't there. */
export interface Destination {
  isThere: boolean
  path: string
  kind?: 'file' | 'directory'
  /** The first link on the way. */
  link?: string
}

/** The files that `docker build` sees, as COPY and ADD find them. */
export class BuildContext {
  readonly #nodes = new Map<string, Node>([['', { kind: 'directory' }]])

  constructor(entries: Iterable<CheckedEntry>) {
    for (const { path, kind, target } of entries) {
      this.#addParents(path)
      this.#nodes.set(path, kind === 'symlink' ? { kind, target: target ?? '' } : { kind })
    }
  }

  /** Follows links with the context as their root, so that none leads out of it. */
  find(source: string): Destination {
    const todo = cleanCopySource(source).split('/').reverse()
    let at: string[] = []
    let links = 0
    let link: string | undefined
    for (let part = todo.pop(); part !== undefined; part = todo.pop()) {
      if (part === '' || part === '.') continue
      if (part === '..') {
        at.pop()
        continue
      }
      const path = [...at, part].join('/')
      const node = this.#nodes.get(path)
      const rest = todo.toReversed().filter((name) => name !== '')
      const absent = () => ({ isThere: false, path: [path, ...rest].join('/'), ...(link && { link }) })
      if (!node || (node.kind === 'file' && rest.length > 0)) return absent()
      if (node.kind !== 'symlink') {
        at.push(part)
        continue
      }
      link ??= path
      if (++links > MOST_LINKS) return absent()
      if (node.target.startsWith('/')) at = []
      todo.push(...node.target.split('/').reverse())
    }
    const path = at.join('/')
    const kind = this.#nodes.get(path)?.kind === 'file' ? 'file' : 'directory'
    return { isThere: true, path, kind, ...(link && { link }) }
  }

  /**
   * The paths that a pattern of COPY names.
   * @throws CopyPatternError for one that docker refuses.
   */
  matching(pattern: string): string[] {
    const matches = copyPattern(pattern)
    return [...this.#nodes.keys()].filter((path) => path !== '' && matches(path))
  }

  /** Whether a directory holds anything but directories. */
  holdsFiles(directory: string): boolean {
    const start = directory === '' ? '' : `${directory}/`
    return [...this.#nodes].some(([path, { kind }]) => kind !== 'directory' && path.startsWith(start))
  }

  #addParents(path: string): void {
    for (let end = path.lastIndexOf('/'); end > 0; end = path.lastIndexOf('/', end - 1)) {
      const parent = path.slice(0, end)
      if (this.#nodes.has(parent)) return
      this.#nodes.set(parent, { kind: 'directory' })
    }
  }
}
