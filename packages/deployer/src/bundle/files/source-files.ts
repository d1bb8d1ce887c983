import { statSync } from 'node:fs'
import { relative, sep } from 'node:path'
import { SourceError } from '../../errors.ts'
import { systemCode, unreadable } from '../source-failures.ts'
import { byPath, type SourceFile } from '../source-file.ts'
import { parentsOf } from './empty-directories.ts'
import { locateInclude, readInclude } from './include.ts'
import { readSelection, type Selection } from './selection.ts'
import { isInside } from './symlink.ts'
import { type OnLeft, walk } from './walk.ts'

export interface FilesRequest {
  source: string
  include: string[]
  projectDir: string
  onWarning: (sentence: string) => void
  /** Hears what is left out, by its place in the bundle; a directory that isn't read counts for all that is in it. */
  onLeft?: OnLeft
  signal: AbortSignal
}

/** Everything that goes into the bundle, sorted by path, and the rules that chose it. */
export async function findFiles(
  request: FilesRequest,
): Promise<{ files: SourceFile[]; selection: Selection }> {
  const { source, projectDir, onWarning, onLeft, signal } = request
  refuseNoDirectory(source)
  const included = request.include.map((name) => locateInclude(name, projectDir, source))
  const inSource = included.filter((path) => isInside(source, path))
  const selection = readSelection(
    source,
    inSource.map((path) => relative(source, path).split(sep).join('/')),
  )
  const files = await walk({
    ...{ root: source, prefix: '', ...selection, onWarning, signal },
    ...(onLeft && { onLeft }),
  })
  for (const path of included) {
    if (!isInside(source, path))
      files.push(...(await readInclude(path, projectDir, { onWarning, onLeft, signal })))
  }
  refuseTwice(files)
  return { files: withoutFilled(files).sort(byPath), selection }
}

function refuseNoDirectory(source: string): void {
  try {
    if (statSync(source).isDirectory()) return
  } catch (error) {
    if (systemCode(error) !== 'ENOENT') throw unreadable(source, error)
  }
  throw new SourceError(`${source} is not a directory`, {
    code: 'LUC-SOURCE-NO-DIRECTORY',
    hints: ['Set "source" in lucree.json to the directory that holds the Dockerfile.'],
  })
}

/** A directory that is empty in the source may have files of "include", and one of both places is enough. */
function withoutFilled(files: SourceFile[]): SourceFile[] {
  const places = new Map(files.map((file) => [file.path, file]))
  const full = parentsOf(places.keys())
  return files.filter(
    (file) => file.kind !== 'directory' || (places.get(file.path) === file && !full.has(file.path)),
  )
}

function refuseTwice(files: SourceFile[]): void {
  const seen = new Map<string, SourceFile>()
  for (const file of files) {
    const other = seen.get(file.path)
    if (other && other.file !== file.file && file.kind !== 'directory') {
      throw new SourceError(`${file.path} would be in the bundle twice`, {
        code: 'LUC-SOURCE-TWICE',
        why: `${other.file} and ${file.file} have the same place in it`,
        hints: ['Take one of them away, or remove it from "include" in lucree.json.'],
      })
    }
    seen.set(file.path, file)
  }
}
