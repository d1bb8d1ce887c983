import { realpathSync } from 'node:fs'
import { dirname, isAbsolute, join, relative, resolve, sep } from 'node:path'
import { systemCode } from '../source-failures.ts'

/**
 * What is to be said of a symlink that points out of `root`, by what is written in it or through other links: docker sends it as it is, and so
 * does a bundle. Undefined for one that stays inside.
 */
export function warningOfLink(root: string, path: string, target: string): string | undefined {
  const why = leaving(root, path, target)
  return why && `${path} is a symlink to ${target}, ${why}: the link ships, and what it points to doesn't.`
}

function leaving(root: string, path: string, target: string): string | undefined {
  if (isAbsolute(target)) return 'an absolute path'
  const outside = 'which is outside of the source'
  const link = join(root, path)
  if (!isInside(root, resolve(dirname(link), target))) return outside
  const real = realPathOf(link)
  return real === undefined || isInside(realpathSync(root), real) ? undefined : outside
}

/** Where a link leads in the end; undefined when it leads nowhere or in a circle, which docker sends as it is too. */
function realPathOf(link: string): string | undefined {
  try {
    return realpathSync(link)
  } catch (error) {
    if (['ENOENT', 'ELOOP', 'ENOTDIR', 'EACCES'].includes(systemCode(error) ?? '')) return undefined
    throw error
  }
}

/** Whether `path` is `directory` or below it; both absolute. */
export function isInside(directory: string, path: string): boolean {
  const way = relative(directory, path)
  return way !== '..' && !way.startsWith(`..${sep}`) && !isAbsolute(way)
}
