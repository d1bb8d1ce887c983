import { absentSource, witnessOf } from './absent-source.ts'
import type { BuildContext } from './build-context.ts'
import type { CheckedSource, Warn } from './checked-source.ts'
import type { ContextCopy } from './context-copies.ts'

/** Refuses a COPY or ADD whose source `docker build` would not find on the instance; a pattern that matches nothing is none of docker's concern. */
export function checkCopies(
  copies: readonly ContextCopy[],
  context: BuildContext,
  source: CheckedSource,
  warn: Warn,
): void {
  for (const { instruction, sources } of copies) {
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
