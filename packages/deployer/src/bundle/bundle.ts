import type { FinalImage } from './dockerfile/final-image.ts'

/** One entry of a bundle. */
export interface BundleEntry {
  /** Path inside the zip, forward slashes, no leading slash. */
  path: string
  /** Size in bytes before compression. */
  bytes: number
  /** Permissions. lucree itself writes 0644, 0755 and, of a symlink, 0777; a zip of somebody else's may have others. */
  mode: number
  /** A directory is only there where nothing in it ships, or in a zip that lucree didn't make. */
  kind: 'file' | 'symlink' | 'directory'
}

/** How many files a bundle has; directories don't count. */
export function fileCount(entries: readonly BundleEntry[]): number {
  return entries.filter(({ kind }) => kind !== 'directory').length
}

/** The zip that was made of a source directory, or that was given. */
export interface Bundle {
  /** Where the zip is; in a temporary directory of lucree's. */
  path: string
  /** Size in bytes of the zip. */
  bytes: number
  /** SHA-256 over names, modes and contents in hexadecimal: the same for the same content on every machine. */
  digest: string
  entries: BundleEntry[]
  /** Port that the platform's proxy forwards to: Dockerrun's first, else the first that the final stage EXPOSEs. */
  port: number | undefined
  /** Images that the build pulls, or that Dockerrun names. */
  images: string[]
  /** Platform that the Dockerfile asks for, such as `linux/arm64`. */
  platform: string | undefined
  /** What the Dockerfile says of its image; undefined without one that a builder takes. */
  image: FinalImage | undefined
  /** What a deploy should say about the bundle without stopping, each one sentence. */
  warnings: string[]
  /** Removes the zip. */
  dispose(): Promise<void>
}
