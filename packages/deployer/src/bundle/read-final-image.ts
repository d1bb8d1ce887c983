import { readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { withoutMark } from './checks/checked-source.ts'
import { type FinalImage, finalImageOf } from './dockerfile/final-image.ts'

/** What the Dockerfile of a source directory says of its image, without bundling it; undefined without one that can be read and that a builder takes. */
export function readFinalImage(directory: string): FinalImage | undefined {
  const textOf = (path: string): string | undefined => {
    const file = join(directory, path)
    try {
      return statSync(file).isFile() ? withoutMark(readFileSync(file, 'utf8')) : undefined
    } catch {
      return undefined
    }
  }
  const dockerfile = textOf('Dockerfile')
  return dockerfile === undefined ? undefined : finalImageOf(dockerfile, textOf)
}
