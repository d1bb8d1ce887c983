import {
  type BuildPlan,
  CopyPatternError,
  isCopyPattern,
  type PlannedInstruction,
  remoteSourceOf,
} from '@lucree/docker-context'
import { SourceError } from '../../errors.ts'
import { absentSource, witnessOf } from './absent-source.ts'
import { BuildContext, type Destination } from './build-context.ts'
import type { CheckedSource, Warn } from './checked-source.ts'

/** A COPY or ADD of the context, and what its sources come to. */
export interface ContextCopy {
  instruction: PlannedInstruction
  sources: CopySource[]
}

export type CopySource =
  /** A value that isn't known before the build, or an address that ADD fetches. */
  | { kind: 'elsewhere'; written: string }
  | { kind: 'path'; written: string; found: Destination }
  /** `root` is the directory that the pattern begins with, which must be there. */
  | { kind: 'pattern'; written: string; root: Destination; matches: string[] }

/**
 * What the stages that the result needs copy from the context.
 * @throws SourceError for a pattern that docker refuses.
 */
export function contextCopies({ stages }: BuildPlan, context: BuildContext): ContextCopy[] {
  return stages
    .filter(({ needed }) => needed)
    .flatMap(({ instructions }) => instructions)
    .filter(({ keyword, flags }) => isCopy(keyword) && !flags.some(({ name }) => name === 'from'))
    .map((instruction) => ({
      instruction,
      sources: instruction.words.slice(0, -1).map(({ written, value }) => {
        const isFetched = instruction.keyword === 'ADD' && value !== undefined && remoteSourceOf(value)
        if (value === undefined || isFetched) return { kind: 'elsewhere', written }
        return locate(written, value, context, instruction)
      }),
    }))
}

function isCopy(keyword: string): boolean {
  return keyword === 'COPY' || keyword === 'ADD'
}

function locate(
  written: string,
  value: string,
  context: BuildContext,
  { keyword, line }: PlannedInstruction,
): CopySource {
  if (!isCopyPattern(value)) return { kind: 'path', written, found: context.find(value) }
  try {
    const parts = value.split('/')
    const plain = parts.slice(0, parts.findIndex(isCopyPattern)).join('/')
    return { kind: 'pattern', written, root: context.find(plain), matches: context.matching(value) }
  } catch (error) {
    if (!(error instanceof CopyPatternError)) throw error
    throw new SourceError(`Dockerfile:${line}: ${keyword} ${written}: ${error.message}`, {
      code: 'LUC-SOURCE-DOCKERFILE',
      why: 'docker refuses it before it builds anything',
      hints: [`Mend line ${line} of the Dockerfile.`],
      cause: error,
    })
  }
}

/** Refuses a COPY or ADD whose source `docker build` would not find on the instance; a pattern that matches nothing is none of docker's concern. */
export function checkCopies(plan: BuildPlan, source: CheckedSource, warn: Warn): void {
  const context = contextOf(source)
  for (const { instruction, sources } of contextCopies(plan, context)) {
    for (const one of sources) {
      if (one.kind === 'elsewhere') continue
      const { isThere, ...way } = one.kind === 'path' ? one.found : one.root
      if (!isThere) throw absentSource({ instruction, written: one.written, ...way }, source)
    }
    warnOfEmpty({ instruction, sources }, context, source, warn)
    const { keyword, line, files } = instruction
    const isEmpty = sources.every((one) => one.kind === 'pattern' && one.matches.length === 0)
    if (isEmpty && files.length === 0 && sources.length > 0) {
      const written = sources.map((one) => one.written).join(' ')
      warn(`Dockerfile:${line}: ${keyword} ${written} matches nothing that ships, so it copies nothing.`)
    }
  }
}

/** A directory whose files are all left out is copied without a word. */
function warnOfEmpty(
  { instruction: { keyword, line }, sources }: ContextCopy,
  context: BuildContext,
  { selection, directory }: CheckedSource,
  warn: Warn,
): void {
  for (const { written, found } of sources.filter((source) => source.kind === 'path')) {
    if (found.kind !== 'directory' || context.holdsFiles(found.path)) continue
    const reason = directory === undefined ? undefined : selection.reason(witnessOf(directory, found.path))
    const why = typeof reason === 'object' ? `: ${reason.file}:${reason.line} leaves out what is in it` : ''
    warn(`Dockerfile:${line}: ${keyword} ${written} copies an empty directory${why}.`)
  }
}

export function contextOf({
  entries,
  selection,
}: Pick<CheckedSource, 'entries' | 'selection'>): BuildContext {
  return new BuildContext(entries.filter(({ path }) => selection.inBuildContext(path)))
}
