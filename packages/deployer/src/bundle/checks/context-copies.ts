import {
  type BuildPlan,
  CopyPatternError,
  isCopyPattern,
  type PlannedInstruction,
  remoteSourceOf,
} from '@lucree/docker-context'
import { SourceError } from '../../errors.ts'
import { BuildContext, type Destination } from './build-context.ts'
import type { CheckedSource } from './checked-source.ts'

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

/** The files of a bundle that its build sees. */
export function contextOf({
  entries,
  selection,
}: Pick<CheckedSource, 'entries' | 'selection'>): BuildContext {
  return new BuildContext(entries.filter(({ path }) => selection.inBuildContext(path)))
}
