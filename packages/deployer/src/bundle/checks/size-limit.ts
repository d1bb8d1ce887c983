import { SourceError } from '../../errors.ts'
import type { BundleEntry } from '../bundle.ts'

/** Beanstalk takes bundles of up to 500 MB, which its own tools read as MiB. */
export const MOST_BYTES = 500 * 1024 * 1024
const NAMED = 5

/** Refuses a zip that has grown too large, with the paths that take the most room before compression. */
export function refuseTooLarge(bytes: number, entries: BundleEntry[], most = MOST_BYTES): void {
  if (bytes <= most) return
  throw new SourceError(`The bundle has more than ${inMiB(most)}`, {
    code: 'LUC-SOURCE-SIZE',
    why: 'Beanstalk refuses larger ones',
    evidence: largest(entries).map(({ path, size }) => `${inMiB(size).padStart(8)}  ${path}`),
    hints: ['Leave out what the image doesn’t need with lines in .dockerignore.'],
  })
}

/** The paths that take the most room, each with its size in words. */
export function largestPaths(entries: BundleEntry[]): string[] {
  return largest(entries).map(({ path, size }) => `${path} (${inMiB(size)})`)
}

/** Sums up by the first two names of a path, so that a directory of many small files is seen too. */
function largest(entries: BundleEntry[]): { path: string; size: number }[] {
  const sums = new Map<string, number>()
  for (const { path, bytes } of entries) {
    const place = path.split('/').slice(0, 2).join('/')
    sums.set(place, (sums.get(place) ?? 0) + bytes)
  }
  return [...sums]
    .map(([path, size]) => ({ path, size }))
    .sort((a, b) => b.size - a.size || (a.path < b.path ? -1 : 1))
    .slice(0, NAMED)
}

function inMiB(bytes: number): string {
  return `${(bytes / 1024 / 1024).toFixed(bytes < 10 * 1024 * 1024 ? 1 : 0)} MiB`
}
