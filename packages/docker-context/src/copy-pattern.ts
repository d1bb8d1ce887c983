import { cleanPath } from './clean-path.ts'
import { parseFilePattern } from './file-pattern.ts'

/** A source of COPY or ADD that no builder understands; the message is BuildKit's. */
export class CopyPatternError extends Error {
  readonly pattern: string

  constructor(pattern: string) {
    super('syntax error in pattern')
    this.name = 'CopyPatternError'
    this.pattern = pattern
  }
}

/**
 * Whether a source of COPY or ADD, as it is after expansion, is a pattern: it holds `*`, `?` or `[` without a backslash before it.
 * Any other source is a path letter by letter, its backslashes too.
 */
export const isCopyPattern = (text: string): boolean => /^(?:[^\\*?[]|\\.)*[*?[]/su.test(text)

/**
 * A test for the paths that a pattern of COPY or ADD names, relative to the context or to the root of a stage, with forward slashes.
 * A directory that matches is copied whole, and BuildKit then looks for nothing below it.
 *
 * The pattern is cleaned first, and leads nowhere above the root. Its components before the first wildcard are a directory letter by
 * letter; BuildKit follows links on the way. What follows is matched as Go's `filepath.Match` does it: `*` and `?` don't cross a `/`, classes do
 * (`x[^a]y` is `x/y` too), `**` is `*`. Upper and lower case differ. (BuildKit of Docker 26.1.5.)
 *
 * That directory must be in the context, or the build fails: BuildKit sends only what the Dockerfile's sources may match, so `COPY x/*.js /`
 * alone fails when x holds no such file, and adds nothing when another instruction takes x.
 *
 * Throws {@link CopyPatternError} for a class or an escape that Go refuses.
 */
export function copyPattern(pattern: string): (path: string) => boolean {
  const parts = cleanCopySource(pattern).split('/')
  const wild = parts.findIndex(isCopyPattern)
  const cut = wild < 0 ? parts.length : wild
  const plain = parts.slice(0, cut).join('/')
  const rest = parseFilePattern(parts.slice(cut).join('/'))
  if (!rest) throw new CopyPatternError(pattern)
  if (wild < 0) return (path) => path === plain
  const prefix = plain === '' ? '' : `${plain}/`
  return (path) => path.startsWith(prefix) && rest.matches(path.slice(prefix.length))
}

/** The source of COPY or ADD as a path from the root of the context, which nothing leads above; empty for the root itself. */
export const cleanCopySource = (source: string): string => cleanPath(`/${source}`).slice(1)
