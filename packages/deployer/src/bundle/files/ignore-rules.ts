/** The rule that leaves a path out. */
export interface Culprit {
  /** Name of the ignore file, such as `.dockerignore`. */
  file: string
  /** Line in that file, from 1. */
  line: number
  /** The line itself. */
  rule: string
}

/** The rules of one ignore file, in its own syntax. */
export interface IgnoreRules {
  ignores: (path: string) => boolean
  /** Whether nothing below a directory can be kept, so that it needn't be read. */
  prunes: (directory: string) => boolean
  culprit: (path: string) => Culprit | undefined
}

/** Rules of a file that isn't there. */
export const noRules: IgnoreRules = { ignores: () => false, prunes: () => false, culprit: () => undefined }
