import { SourceError } from '../../errors.ts'

/** A file that was given as a bundle and that Beanstalk could not unpack. */
export function badZip(name: string, why: string, cause?: unknown): SourceError {
  return new SourceError(`${name} can't be deployed`, {
    code: 'LUC-SOURCE-ZIP',
    why,
    hints: ['lucree bundle --output bundle.zip   # run it in the directory of the source: makes a new zip'],
    cause,
  })
}
