import { createWriteStream } from 'node:fs'
import { pipeline } from 'node:stream/promises'
import { systemCode, unwritable } from '../source-failures.ts'
import { byPath, type SourceFile } from '../source-file.ts'
import { ahead } from './ahead.ts'
import { PackedZipArchive } from './archive.ts'
import { contentDigest } from './content-digest.ts'
import { packEntry } from './packed-entry.ts'
import { verifyUnchanged } from './read-file.ts'

/** Files, of at most 1 MiB each, that are read and compressed while an earlier one is written. */
const FILES_AHEAD = 24

export interface ZipRequest {
  files: SourceFile[]
  /** Where the zip goes; a file that is there already is written over. */
  path: string
  /** Called with the size of the zip so far; may throw to stop. */
  onBytes?: (bytes: number) => void
  signal: AbortSignal
}

/** Writes the files as a zip that is the same byte for byte for the same content, and gives its digest and its size in bytes. */
export async function writeZip(request: ZipRequest): Promise<{ bytes: number; digest: string }> {
  const { files, path, onBytes, signal } = request
  signal.throwIfAborted()
  const stop = new AbortController()
  const stopped = AbortSignal.any([signal, stop.signal])
  const archive = new PackedZipArchive(stopped)
  const out = createWriteStream(path, { mode: 0o600 })
  const closed = new Promise<void>((resolve) => out.once('close', () => resolve()))
  // A failure of the disk ends the work on the entries, and the other way round; the first reason is the one that is told.
  const writing = pipeline(archive, out, { signal: stopped }).catch((error: unknown) => {
    stop.abort(systemCode(error) ? unwritable(path, error) : error)
  })
  const digest = contentDigest()
  const sorted = files.toSorted(byPath)
  try {
    for await (const entry of ahead(sorted, FILES_AHEAD, packEntry)) {
      digest.add(entry.source, (await archive.add(entry)).sha256)
      onBytes?.(archive.pointer())
    }
    // Without a reader it would never be done, and then it is `writing` that says why.
    archive.finalize().catch((error: unknown) => stop.abort(error))
    await writing
    stopped.throwIfAborted()
    onBytes?.(archive.pointer())
    verifyUnchanged(sorted)
    return { bytes: archive.pointer(), digest: digest.hex() }
  } catch (error) {
    stop.abort(error)
    await writing
    throw stopped.reason
  } finally {
    // Whoever removes the file now finds it closed.
    await closed
  }
}
