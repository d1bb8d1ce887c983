import { readlinkSync } from 'node:fs'
import { readdir, rm, symlink } from 'node:fs/promises'
import { join, posix } from 'node:path'
import { inContainer } from './root-path.ts'

/** Parts of this machine that a container has too: what leads there stays. */
const SHARED = /^\/(dev|proc|sys)(\/|$)/

/**
 * A link's text for an image whose root is a mere directory of this machine: it leads where it leads in the container, and never above that
 * root. `linkPath` is the container's path of the link itself. A relative text that stays inside is kept as it is, and so is one into `/dev`,
 * `/proc` and `/sys`.
 */
export function containedLink(target: string, linkPath: string): string {
  const directory = posix.dirname(linkPath)
  if (SHARED.test(target) || (!target.startsWith('/') && !climbs(target, directory))) return target
  return posix.relative(directory, posix.resolve('/', directory, target)) || '.'
}

/** Whether a relative path from a directory leads above the root on its way. */
function climbs(path: string, directory: string): boolean {
  let depth = depthOf(directory)
  for (const part of path.split('/')) {
    if (part === '..') depth--
    else if (part !== '' && part !== '.') depth++
    if (depth < 0) return true
  }
  return false
}

const depthOf = (directory: string): number => directory.split('/').filter((part) => part !== '').length

/**
 * As {@link containedLink} for an image that is being built: an absolute link, which a later stage may copy to another place, can still be told
 * from a relative one. It is written up to the root and absolute from there, with two slashes: `..//data` for `/data` in `/app`.
 */
export function buildingLink(target: string, linkPath: string): string {
  const directory = posix.dirname(linkPath)
  if (containedLink(target, linkPath) === target) return target
  const up = Array.from({ length: depthOf(directory) }, () => '..').join('/') || '.'
  return `${up}/${posix.resolve('/', directory, target)}`
}

/** The container's own text of a link that {@link buildingLink} may have written. */
export function writtenLink(text: string, linkPath: string): string {
  const absolute = /^(?:\.|\.\.(?:\/\.\.)*)\/(\/.*)$/s.exec(text)?.[1]
  return absolute !== undefined && buildingLink(absolute, linkPath) === text ? absolute : text
}

/**
 * Makes every link below `root` lead inside of it while the image is being built: a RUN step has written the container's absolute paths, or,
 * where they were rewritten for it, those of this machine, and the image is going to be moved.
 */
export function containLinks(root: string, signal: AbortSignal): Promise<void> {
  return eachLink(root, signal, (text, path) => {
    const ofTheContainer = text === root || text.startsWith(`${root}/`) ? inContainer(root, text) : text
    return buildingLink(ofTheContainer, path)
  })
}

/** Writes the links of an image that is built as {@link containedLink} has them. */
export function settleLinks(root: string, signal: AbortSignal): Promise<void> {
  return eachLink(root, signal, (text, path) => containedLink(writtenLink(text, path), path))
}

async function eachLink(
  root: string,
  signal: AbortSignal,
  textFor: (text: string, path: string) => string,
): Promise<void> {
  const walk = async (directory: string): Promise<void> => {
    signal.throwIfAborted()
    const below: string[] = []
    for (const entry of await readdir(directory, { withFileTypes: true })) {
      const place = join(directory, entry.name)
      if (entry.isDirectory()) below.push(place)
      else if (entry.isSymbolicLink()) await rewrite(place, (text) => textFor(text, inContainer(root, place)))
    }
    await Promise.all(below.map(walk))
  }
  await walk(root)
}

async function rewrite(place: string, textFor: (text: string) => string): Promise<void> {
  const before = readlinkSync(place)
  const text = textFor(before)
  if (text === before) return
  await rm(place)
  await symlink(text, place)
}
