import { mkdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import writeFileAtomic from 'write-file-atomic'
import { portShimFile } from './port-shim-file.ts'
import { writeShims } from './shims.ts'

/** Where the port shim lies that the applications of a runtime in `dir` load first. */
export const portShimIn = (dir: string): string => join(dir, 'port-shim.cjs')

/**
 * Writes what builds and applications of a runtime in `dir` rely on. Each file is replaced in one step: an end of the server in the middle
 * leaves no half of one, and an application that starts meanwhile reads the old or the new one whole.
 */
export async function writeScaffold(dir: string): Promise<void> {
  await mkdir(join(dir, 'images'), { recursive: true, mode: 0o700 })
  // Node and npm look for a package.json upwards; they must not find one of the directories that this one lies in. Half a one would keep
  // every application from starting, so it is written anew whatever is there.
  await writeFileAtomic(join(dir, 'package.json'), '{ "private": true }\n', { fsync: false })
  await writeShims(join(dir, 'shims'))
  // A copy: the applications outlive an upgrade or removal of the package that this file came with.
  await writeFileAtomic(portShimIn(dir), await readFile(portShimFile()), { fsync: false })
}
