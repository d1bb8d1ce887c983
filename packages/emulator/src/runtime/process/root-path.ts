import { lstatSync, readlinkSync, type Stats } from 'node:fs'
import { chmod, mkdir } from 'node:fs/promises'
import { dirname, join, relative } from 'node:path'
import { BuildFailed } from '../runtime.ts'

/** As many links on one way as containerd follows. */
const MOST_LINKS = 255

/**
 * Where a path of a container lies on this machine, with `root` as the file system's root: links on the way and at the end are followed as in
 * the container, an absolute one from `root`, and nothing leads above it. What doesn't exist yet is taken as it is written.
 * Throws {@link BuildFailed} in the engine's words when links lead round in a circle.
 */
export function resolveInRoot(root: string, path: string): string {
  const ahead = path.split('/').reverse()
  const passed: string[] = []
  let links = 0
  for (let name = ahead.pop(); name !== undefined; name = ahead.pop()) {
    if (name === '' || name === '.') continue
    if (name === '..') {
      passed.pop()
      continue
    }
    const target = linkAt(join(root, ...passed, name))
    if (target === undefined) {
      passed.push(name)
      continue
    }
    if (++links > MOST_LINKS) throw new BuildFailed('build', 'too many links')
    if (target.startsWith('/')) passed.length = 0
    ahead.push(...target.split('/').reverse())
  }
  return join(root, ...passed)
}

/** A link's text; undefined for anything else and for nothing. */
function linkAt(path: string): string | undefined {
  return statAt(path)?.isSymbolicLink() ? readlinkSync(path) : undefined
}

/** What lies there, a link unfollowed; undefined for nothing, also below a file. */
export function statAt(path: string): Stats | undefined {
  try {
    return lstatSync(path, { throwIfNoEntry: false })
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOTDIR') return undefined
    throw error
  }
}

/** A place on this machine as the container names it. */
export const inContainer = (root: string, place: string): string => `/${relative(root, place)}`

/**
 * Makes a directory of the container with all that lead to it, where links say (see {@link resolveInRoot}), and answers its place on this machine.
 * Throws {@link BuildFailed} in the engine's words when a file is in the way.
 */
export async function makeDirectory(root: string, path: string): Promise<string> {
  const place = resolveInRoot(root, path)
  try {
    const first = await mkdir(place, { recursive: true })
    // Whatever this process's umask is, a container's directory can be entered by everyone.
    for (let made = place; first !== undefined && made.length >= first.length; made = dirname(made)) {
      await chmod(made, 0o755)
    }
  } catch (error) {
    if (!['ENOTDIR', 'EEXIST'].includes((error as NodeJS.ErrnoException).code ?? '')) throw error
    throw new BuildFailed('build', `mkdir ${inContainer(root, place)}: not a directory`, { cause: error })
  }
  return place
}
