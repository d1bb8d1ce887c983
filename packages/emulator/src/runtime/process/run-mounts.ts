import type { PlannedInstruction } from '@lucree/docker-context'
import { mkdir, mkdtemp, rename, rm, rmdir, symlink } from 'node:fs/promises'
import { dirname, join, posix } from 'node:path'
import { readTree } from '../context.ts'
import { BuildFailed } from '../runtime.ts'
import { copySource } from './copy.ts'
import { digestOf, type CopySource } from './copy-sources.ts'
import { inContainer, makeDirectory, resolveInRoot, statAt } from './root-path.ts'
import { SourceTree } from './source-tree.ts'
import { digest, materialise, type BuildSession, type Stage } from './stage.ts'

type Mount = PlannedInstruction['mounts'][number]

/**
 * Checks what a RUN mounts and answers a digest of what it reads there. Throws {@link BuildFailed}: in BuildKit's words for a source that isn't
 * there and for a secret that must be, which nobody can give to a Beanstalk build; with what to do for an image, which can't be pulled here.
 */
export async function digestMounts({ mounts }: PlannedInstruction, session: BuildSession): Promise<string> {
  const parts: string[] = []
  for (const mount of mounts) {
    refuse(mount)
    const from = mount.stage && session.stages.get(mount.stage)
    if (from) parts.push(from.key)
    else if (mount.type === 'bind') {
      const tree = SourceTree.of(session.context)
      parts.push(await digestOf(tree, [sourceIn(tree, mount)], session.signal))
    }
  }
  return digest(...parts)
}

function refuse({ type, from, stage, required, id }: Mount): void {
  if (required && type === 'secret') throw new BuildFailed('build', `secret ${id}: not found`)
  if (required && type === 'ssh') throw new BuildFailed('build', `unset ssh forward key ${id || 'default'}`)
  if (from !== '' && from !== 'scratch' && !stage) {
    const message = `The process runtime can't mount from ${from}: only stages of this Dockerfile can be mounted from. Use --runtime docker.`
    throw new BuildFailed('build', message)
  }
}

const sourceIn = (tree: SourceTree, { source = '' }: Mount): CopySource => {
  const entry = tree.follow(posix.resolve('/', source).slice(1))
  return { entry, name: posix.basename(entry.path) }
}

/** Undoes one mount. */
type Undo = () => Promise<void>

/**
 * Runs a step with its mounts in their places: a copy of what is bound, an empty directory for a tmpfs, and a directory that all builds of this
 * runtime share for a cache. Afterwards the image is without them, and has what lay there before, as in BuildKit. What is written to what is
 * bound is lost; that it can be written to at all is other than there. A secret or an ssh agent isn't there, as nobody gives one.
 */
export async function withMounts<T>(
  { mounts }: PlannedInstruction,
  stage: Stage,
  session: BuildSession,
  work: () => Promise<T>,
): Promise<T> {
  const undo: Undo[] = []
  try {
    for (const mount of mounts) {
      if (mount.type === 'secret' || mount.type === 'ssh') continue
      const path = posix.resolve('/', stage.config.workdir, mount.target ?? '')
      undo.push(await makeRoom(stage.root, path))
      await fill(mount, path, stage, session)
    }
    return await work()
  } finally {
    for (const each of undo.toReversed()) await each()
  }
}

/** Puts aside what lies at a path and makes the directories that lead there. */
async function makeRoom(root: string, path: string): Promise<Undo> {
  const place = resolveInRoot(root, path)
  const aside = await mkdtemp(join(dirname(root), 'under-mount-'))
  const isTaken = statAt(place) !== undefined
  if (isTaken) await rename(place, join(aside, 'kept'))
  const made = missingParents(dirname(place))
  await makeDirectory(root, inContainer(root, dirname(place)))
  return async () => {
    await rm(place, { recursive: true, force: true })
    if (isTaken) await rename(join(aside, 'kept'), place)
    else await removeEmpty(made)
    await rm(aside, { recursive: true, force: true })
  }
}

/** Innermost first. */
function missingParents(directory: string): string[] {
  return statAt(directory) ? [] : [directory, ...missingParents(dirname(directory))]
}

/** Leaves those that the step has written into. */
async function removeEmpty(directories: string[]): Promise<void> {
  for (const directory of directories) {
    try {
      await rmdir(directory)
    } catch (error) {
      if (!['ENOTEMPTY', 'EEXIST', 'ENOENT'].includes((error as NodeJS.ErrnoException).code ?? ''))
        throw error
      return
    }
  }
}

async function fill(mount: Mount, path: string, stage: Stage, session: BuildSession): Promise<void> {
  const { root } = stage
  const place = resolveInRoot(root, path)
  if (mount.type === 'cache') {
    const name = digest(mount.id || path)
    const shared = join(dirname(session.npmCache), 'mount-cache', name)
    await mkdir(shared, { recursive: true })
    await symlink(shared, place)
    return
  }
  if (mount.type === 'tmpfs') {
    await makeDirectory(root, path)
    return
  }
  const tree = await treeOf(mount, session)
  await copySource(sourceIn(tree, mount), tree, { root, destination: path, mode: undefined }, session.signal)
}

async function treeOf({ stage }: Mount, session: BuildSession): Promise<SourceTree> {
  const from = stage && session.stages.get(stage)
  if (!from) return SourceTree.of(session.context)
  await materialise(from)
  return SourceTree.of({ directory: from.root, entries: await readTree(from.root, session.signal) })
}
