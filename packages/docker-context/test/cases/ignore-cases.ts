import { readFileSync } from 'node:fs'
import { join } from 'node:path'

/** Path and what is there: a file `f`, a directory `d`, or a link behind `l:`. */
export type TreeEntry = [path: string, kind: string]

/** What BuildKit makes of an ignore file beside a tree; a Dockerfile and the ignore file are in the tree too. */
export interface IgnoreCase {
  ignore: string
  tree: TreeEntry[]
  /** The files and links that `COPY . /` copied, sorted; undefined when the build was refused. */
  context?: string[]
  /** The end of BuildKit's message. */
  refused?: string
}

/** The table, from BuildKit of Docker 26.1.5 with buildx 0.13.1 (`engine`), or from a model that agreed with it wherever both ran. */
export const ignoreCases = (): IgnoreCase[] =>
  readFileSync(join(import.meta.dirname, 'dockerignore.jsonl'), 'utf8')
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as IgnoreCase)
