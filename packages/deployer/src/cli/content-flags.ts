import { shellQuote } from './shell-quote.ts'

/** What a `deploy` was asked to deploy; neither means the source. */
export interface ContentFlags {
  version?: string | undefined
  bundle?: string | undefined
}

/** The words that name what a `deploy` was asked to deploy, for the same command again; none for the source. */
export function contentFlags({ version, bundle }: ContentFlags): string[] {
  if (version !== undefined) return ['--version', shellQuote(version)]
  return bundle === undefined ? [] : ['--bundle', shellQuote(bundle)]
}
