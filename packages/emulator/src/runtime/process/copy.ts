import { constants, type Stats } from 'node:fs'
import { chmod, copyFile, mkdir, readlink, rm, stat, symlink, utimes, writeFile } from 'node:fs/promises'
import { dirname, join, posix } from 'node:path'
import type { ContextEntry } from '../context.ts'
import { BuildFailed } from '../runtime.ts'
import { buildingLink, writtenLink } from './contained-link.ts'
import type { CopySource } from './copy-sources.ts'
import { inContainer, makeDirectory, resolveInRoot, statAt } from './root-path.ts'
import type { SourceTree } from './source-tree.ts'

/** Where COPY writes. */
export interface CopyTarget {
  root: string
  /** The container's absolute path; ends with `/` when it can only be a directory. */
  destination: string
  /** COPY --chmod; else each file and directory keeps its own. */
  mode: number | undefined
}

/**
 * Copies one source as BuildKit does: of a directory its contents, a file under its own name into a directory that is there or that the
 * destination's slash asks for, else as the destination itself. Links that lead to the destination are followed inside of the image; what lies
 * there is replaced, but never a directory by a file or a file by a directory: {@link BuildFailed} in BuildKit's words.
 */
export async function copySource(
  { entry, name }: CopySource,
  tree: SourceTree,
  target: CopyTarget,
  signal: AbortSignal,
): Promise<void> {
  const { root, destination, mode } = target
  await makeParents(target)
  const place = resolveInRoot(root, destination)
  const present = statAt(place)
  if (entry.kind === 'directory') {
    if (present && !present.isDirectory()) throw notADirectory(root, place)
    if (!present) await makeDirectory(root, destination)
    const copier = new TreeCopier(tree, { root, place, mode, fresh: !present }, signal)
    await copier.copy(entry.path)
    return
  }
  const file = await fileFor(name, root, place)
  await copyOne(tree.place(entry), file, mode)
}

/** Writes a heredoc of COPY or ADD, which is a file of that name. */
export async function writeInto(name: string, content: string, target: CopyTarget): Promise<void> {
  const { root, destination, mode } = target
  await makeParents(target)
  const file = await fileFor(name, root, resolveInRoot(root, destination))
  await writeFile(file, content)
  await chmod(file, ownable(mode ?? 0o644, false))
}

async function makeParents({ root, destination }: CopyTarget): Promise<void> {
  await makeDirectory(root, destination.endsWith('/') ? destination : posix.dirname(destination))
}

/** Where a file goes: into the directory that is there, or as it. Its directory is there then, and nothing is in its way. */
async function fileFor(name: string, root: string, place: string): Promise<string> {
  const present = statAt(place)
  // Behind a link that led nowhere the directories may be missing, too.
  if (!present) await makeDirectory(root, inContainer(root, dirname(place)))
  const file = present?.isDirectory() ? join(place, name) : place
  await makeRoom(root, file)
  return file
}

interface TreeTarget {
  root: string
  /** Where the contents go on this machine. */
  place: string
  mode: number | undefined
  /** Whether `place` has just been made, so that nothing can be in the way. */
  fresh: boolean
}

/** Copies that run at the same time: enough to keep the disk busy. */
const AT_ONCE = 16

/** Copies the contents of one directory of a tree into another directory, which exists. */
class TreeCopier {
  readonly #tree: SourceTree
  readonly #to: TreeTarget
  readonly #signal: AbortSignal
  /** Directories that this copy has made: nothing can be in the way there. */
  readonly #fresh = new Set<string>()

  constructor(tree: SourceTree, to: TreeTarget, signal: AbortSignal) {
    this.#tree = tree
    this.#to = to
    this.#signal = signal
    if (to.fresh) this.#fresh.add(to.place)
  }

  async copy(directory: string): Promise<void> {
    const from = directory === '' ? 0 : directory.length + 1
    const items = this.#tree
      .below(directory)
      .map((entry) => ({ entry, place: join(this.#to.place, entry.path.slice(from)) }))
    const directories = items.filter(({ entry }) => entry.kind === 'directory')
    for (const { place } of directories) await this.#makeDirectory(place)
    const files = items.filter(({ entry }) => entry.kind !== 'directory')
    await this.#eachOf(files, ({ entry, place }) => this.#copyEntry(entry, place))
    // Innermost first, and after their contents: those change a directory's time and may need its old mode.
    for (const { entry, place } of directories.reverse()) {
      await keepFacts(await stat(this.#tree.place(entry)), place, this.#to.mode)
    }
  }

  async #makeDirectory(place: string): Promise<void> {
    const present = this.#fresh.has(dirname(place)) ? undefined : statAt(place)
    if (present && !present.isDirectory()) throw notADirectory(this.#to.root, place)
    if (present) return
    await mkdir(place)
    this.#fresh.add(place)
  }

  async #copyEntry(entry: ContextEntry, place: string): Promise<void> {
    const { root, mode } = this.#to
    if (!this.#fresh.has(dirname(place))) await makeRoom(root, place)
    const from = this.#tree.place(entry)
    if (entry.kind === 'file') await copyOne(from, place, mode)
    else {
      const text = writtenLink(await readlink(from), `/${entry.path}`)
      await symlink(buildingLink(text, inContainer(root, place)), place)
    }
  }

  async #eachOf<T>(items: T[], work: (item: T) => Promise<void>): Promise<void> {
    const next = items[Symbol.iterator]()
    const worker = async () => {
      for (const item of { [Symbol.iterator]: () => next }) {
        this.#signal.throwIfAborted()
        await work(item)
      }
    }
    await Promise.all(Array.from({ length: AT_ONCE }, worker))
  }
}

/** A file is written as a new one: the old one may be a link that leads elsewhere. */
async function makeRoom(root: string, place: string): Promise<void> {
  const present = statAt(place)
  if (present?.isDirectory()) {
    const message = `cannot replace to directory ${inContainer(root, place)} with file`
    throw new BuildFailed('build', message)
  }
  if (present) await rm(place)
}

async function copyOne(from: string, to: string, mode: number | undefined): Promise<void> {
  await copyFile(from, to, constants.COPYFILE_FICLONE)
  await keepFacts(await stat(from), to, mode)
}

/** Gives a file or directory its mode and its source's times. */
async function keepFacts(source: Stats, place: string, mode: number | undefined): Promise<void> {
  await chmod(place, ownable(mode ?? source.mode, source.isDirectory()))
  await utimes(place, source.atime, source.mtime)
}

/**
 * The root of a container may read, change and remove whatever its mode is. Who isn't root on this machine needs the owner's rights for
 * that, in RUN steps and when the image is removed.
 */
export function ownable(mode: number, directory: boolean): number {
  const owner = process.getuid?.() === 0 ? 0 : directory ? 0o700 : 0o600
  return (mode & 0o7777) | owner
}

const notADirectory = (root: string, place: string): BuildFailed =>
  new BuildFailed('build', `cannot copy to non-directory: ${inContainer(root, place)}`)
