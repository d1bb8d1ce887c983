import { relative, sep } from 'node:path'
import { LucreeError } from '../errors.ts'
import type { BundleEntry } from './bundle.ts'
import { type BundleRequest, entryOf } from './bundle-source.ts'
import { inspectBundle, type InspectedBundle } from './checks/inspect-bundle.ts'
import { directorySource } from './directory-source.ts'
import type { Selection } from './files/selection.ts'
import { isInside } from './files/symlink.ts'
import { findFiles } from './files/source-files.ts'
import type { LeftKind } from './files/walk.ts'
import { makeZip, type TemporaryZip } from './make-zip.ts'
import { warnOfOutput } from './output-file.ts'

/** Something of the source that doesn't ship. */
export interface LeftPath {
  /** Its place in the bundle, if it were there. */
  path: string
  /** A directory is one, whatever is in it: it isn't read. `special`: a socket, a pipe or a device. */
  kind: LeftKind
  /** `rule` of an ignore file; `git` and `env` are left out by themselves, `special` can't be in a zip. */
  reason: 'rule' | 'git' | 'env' | 'special'
  /** The ignore file, the line in it from 1, and the line itself; undefined without a rule. */
  file?: string
  line?: number
  rule?: string
}

/** What a bundle of a source directory is, and what is left out of it and why. */
export interface ListedSource extends Omit<InspectedBundle, 'findings'> {
  entries: BundleEntry[]
  /** In the order of their paths. */
  left: LeftPath[]
  warnings: string[]
  /** Why a deploy would refuse it, each reason that there is. */
  refusals: LucreeError[]
  /** Whether a file at this absolute path would ship, were it there. */
  wouldShip: (file: string) => boolean
  /** Undefined when the files can't be put into a zip: `refusals` has the reason. Whoever gets it disposes of it. */
  zip: TemporaryZip | undefined
}

/**
 * Makes the bundle of a source directory as a deploy would, and lists it. What a deploy would refuse is told, not thrown.
 * @throws SourceError when there is no source that can be read; the signal's reason when it is aborted.
 */
export async function listSource(request: BundleRequest): Promise<ListedSource> {
  const warnings: string[] = []
  const left: LeftPath[] = []
  const onWarning = (sentence: string) => void warnings.push(sentence)
  const seen: [string, LeftKind][] = []
  const found = await findFiles({ ...request, onWarning, onLeft: (path, kind) => seen.push([path, kind]) })
  const { files, selection } = found
  for (const [path, kind] of seen) left.push(leftPath(path, kind, selection))
  const { findings, ...inspected } = await inspectBundle(directorySource({ ...request, files, selection }))
  warnings.push(...findings.flatMap((finding) => finding.warnings))
  const refusals = findings.flatMap(({ refusal }) => refusal ?? [])
  const zip = await makeZip(files, request).catch((error: unknown) => {
    if (request.signal.aborted || !(error instanceof LucreeError)) throw error
    refusals.push(error)
    return undefined
  })
  warnOfOutput(files, onWarning)
  const wouldShip = (file: string) =>
    isInside(request.source, file) && selection.ships(relative(request.source, file).split(sep).join('/'))
  left.sort((a, b) => (a.path < b.path ? -1 : 1))
  return { ...inspected, entries: files.map(entryOf), left, warnings, refusals, wouldShip, zip }
}

function leftPath(path: string, kind: LeftKind, selection: Selection): LeftPath {
  // A rule such as `build/` of .ebignore is for what is in the directory.
  const reason = selection.reason(path) ?? selection.reason(`${path}/x`)
  if (reason === undefined) return { path, kind, reason: 'special' }
  return typeof reason === 'string' ? { path, kind, reason } : { path, kind, reason: 'rule', ...reason }
}
