import { SourceError } from '../errors.ts'

/** The code of a failed system call, such as `ENOENT`; undefined for any other error. */
export function systemCode(error: unknown): string | undefined {
  if (!(error instanceof Error) || !('syscall' in error) || !('code' in error)) return undefined
  return String(error.code)
}

/** A file of the source that somebody wrote to. */
export class SourceChanged extends SourceError {
  /** Its place in the bundle, and where it is on disk. */
  readonly path: string
  readonly file: string | undefined
  constructor(path: string, file: string | undefined, options: ConstructorParameters<typeof SourceError>[1]) {
    super(`${path} changed while it was being bundled`, options)
    this.path = path
    this.file = file
  }
}

export function changedWhileBundling(path: string, file?: string): SourceChanged {
  return new SourceChanged(path, file, {
    code: 'LUC-SOURCE-CHANGED',
    why: 'a bundle must be one consistent state of the source',
    hints: [
      'Run the command again when nothing writes to the source any more (a watcher or a build may still run).',
    ],
  })
}

/** A file or directory of the source that the system would not let lucree read. */
export function unreadable(path: string, error: unknown): SourceError {
  const code = systemCode(error)
  if (code === 'ENOENT' && path.includes('\ufffd')) return invalidName(path, 'its name is not UTF-8')
  if (code === 'ENOENT' || code === 'ELOOP' || code === 'ENOTDIR') return changedWhileBundling(path)
  const denied = code === 'EACCES' || code === 'EPERM'
  return new SourceError(`${path} can't be read`, {
    code: 'LUC-SOURCE-UNREADABLE',
    why: denied ? 'the permissions of the file or of its directory refuse it' : messageOf(error),
    hints: [
      denied
        ? `Make it readable (chmod u+r "${path}"), or leave it out with a line in .dockerignore.`
        : `Leave it out with a line in .dockerignore: ${path}`,
    ],
    cause: error,
  })
}

export function invalidName(path: string, why: string): SourceError {
  return new SourceError(`${path} can't be bundled`, {
    code: 'LUC-SOURCE-NAME',
    why,
    hints: ['Rename it, or leave it out with a line in .dockerignore.'],
  })
}

/** A write of the zip that failed; a full disk is named as such. */
export function unwritable(file: string, error: unknown): SourceError {
  const full = ['ENOSPC', 'EDQUOT', 'EFBIG'].includes(systemCode(error) ?? '')
  return new SourceError(
    full ? `No space left for the bundle at ${file}` : `The bundle can't be written to ${file}`,
    {
      code: full ? 'LUC-SOURCE-NO-SPACE' : 'LUC-SOURCE-UNWRITABLE',
      why: messageOf(error),
      hints: ['Free some space, or point TMPDIR to a directory that has some and can be written to.'],
      cause: error,
    },
  )
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error)
}
