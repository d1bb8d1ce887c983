/** One file of a bundle. */
export interface BundleEntry {
  /** Path inside the zip, forward slashes, no leading slash. */
  path: string
  /** Size in bytes before compression. */
  bytes: number
  mode: 0o644 | 0o755 | 0o777
  kind: 'file' | 'symlink'
}

/** The zip that was made of a source directory. */
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
  /** What a deploy should say about the bundle without stopping, each one sentence. */
  warnings: string[]
  /** Removes the zip. */
  dispose(): Promise<void>
}
