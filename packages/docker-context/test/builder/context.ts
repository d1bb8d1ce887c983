import { chmodSync, mkdirSync, readdirSync, symlinkSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'

/** One path of a context: a file of this content, one of these permissions (its content is its path), a symbolic link, or a directory. */
export type ContextEntry = string | Buffer | { mode: number } | { link: string } | { directory: true }

/** The directory of a build, by path. */
export type Context = Record<string, ContextEntry>

/** Writes a context into an empty directory. */
export function writeContext(directory: string, context: Context): void {
  for (const [path, entry] of Object.entries(context)) {
    const place = join(directory, path)
    mkdirSync(dirname(place), { recursive: true })
    if (typeof entry === 'string' || Buffer.isBuffer(entry)) writeFileSync(place, entry)
    else if ('link' in entry) symlinkSync(entry.link, place)
    else if ('directory' in entry) mkdirSync(place, { recursive: true })
    else {
      writeFileSync(place, path)
      chmodSync(place, entry.mode)
    }
  }
}

/** Files and links below a directory, as sorted paths. */
export function listFiles(directory: string): string[] {
  const below = (at: string): string[] =>
    readdirSync(join(directory, at), { withFileTypes: true }).flatMap((entry) => {
      const path = at === '' ? entry.name : `${at}/${entry.name}`
      return entry.isDirectory() ? below(path) : [path]
    })
  return below('').sort()
}
