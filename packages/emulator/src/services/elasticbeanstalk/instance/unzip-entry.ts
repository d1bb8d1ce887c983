import { getFileNameLowLevel, type Entry } from 'yauzl'

/** What the platform's `unzip -q -o` ends with when it isn't satisfied: any exit status but 0 fails the deployment, a mere warning's too. */
export class UnzipFailure extends Error {
  override readonly name = 'UnzipFailure'
  /** The exit status of `unzip`; `message` is what it prints on standard error. */
  readonly status: number
  constructor(status: number, message: string, options?: ErrorOptions) {
    super(message, options)
    this.status = status
  }
}

/** Where the platform unpacks to, as its messages name it. */
export const STAGING = '/var/app/staging/'
/** The bundle's file on the instance. */
export const BUNDLE_FILE = '/opt/elasticbeanstalk/deployment/app_source_bundle'

/** An entry of a zip as Info-ZIP's unzip 6.00 takes it. */
export interface UnzipEntry {
  /** As the zip has it. */
  name: string
  /** Below the target, cleaned: no `.`, no `..`, no empty part; empty for the target itself. */
  parts: string[]
  kind: 'file' | 'directory' | 'link'
  /** Permissions, without set-id and sticky bits. */
  mode: number
}

/** Systems on which a zip was made, as far as they matter here: by the zip format's own numbers. */
const FAT = 0
const UNIX = 3
/** Those whose attributes have Unix modes in the upper half: Amiga's and Theos's own formats apart, all that unzip reads so. */
const WITH_UNIX_MODES = new Set([2, UNIX, 5, 12, 13, 16, 17, 30])
/** Those that can make links; DOS when PKZip for Unix says that it is DOS. */
const WITH_LINKS = new Set([FAT, 2, UNIX, 5, 16, 30])
/** Those that write names of code page 437. */
const WITH_DOS_NAMES = new Set([FAT, 6, 10, 11])

const UTF8_FLAG = 0x800
const UNICODE_PATH = 0x7075

/**
 * Reads name, kind and mode. Throws {@link UnzipFailure} where `unzip -q -o` ends with another status than 0: a name with backslashes that was made on
 * DOS or Windows, an absolute name, a name of which nothing is left. `..` is left out without a word, as it is there.
 */
export function readEntry(entry: Entry): UnzipEntry {
  const made = entry.versionMadeBy >>> 8
  const name = nameOf(entry, made)
  if (made === FAT && name.includes('\\') && !name.includes('/')) {
    throw new UnzipFailure(1, `warning:  ${BUNDLE_FILE} appears to use backslashes as path separators`)
  }
  if (name.startsWith('/')) {
    throw new UnzipFailure(1, `warning:  stripped absolute path spec from ${name}`)
  }
  const isDirectory = name.endsWith('/')
  const attributes = modeOf(entry, made, isDirectory)
  const isLink = !isDirectory && WITH_LINKS.has(made) && (attributes & 0o170000) === 0o120000
  return {
    name,
    parts: partsOf(name),
    kind: isDirectory ? 'directory' : isLink ? 'link' : 'file',
    mode: attributes & 0o777,
  }
}

function nameOf(entry: Entry, made: number): string {
  const isUnicode =
    (entry.generalPurposeBitFlag & UTF8_FLAG) !== 0 || entry.extraFields.some(({ id }) => id === UNICODE_PATH)
  if (!isUnicode && !WITH_DOS_NAMES.has(made)) {
    const text = entry.fileNameRaw.toString('utf8')
    if (!text.includes('\uFFFD')) return text
  }
  return getFileNameLowLevel(entry.generalPurposeBitFlag, entry.fileNameRaw, entry.extraFields, true)
}

function partsOf(name: string): string[] {
  // eslint-disable-next-line no-control-regex -- unzip leaves out what can't be printed
  const parts = name.split('/').map((part) => part.replace(/[\u0000-\u001f\u007f]/g, ''))
  // What follows the last slash; nothing when it is a directory.
  const last = parts.pop() ?? ''
  const directories = parts.filter((part) => part !== '' && part !== '.' && part !== '..')
  if (name.endsWith('/')) return directories
  const file = last.replace(/;\d*$/, '')
  if (file === '') throw new UnzipFailure(2, `mapname:  conversion of ${name} failed`)
  return [...directories, file === '.' ? '_' : file === '..' ? '__' : file]
}

/** As unzip's `mapattr` for Unix, with the platform's umask of 022. */
function modeOf(
  { externalFileAttributes, extraFieldLength }: Entry,
  made: number,
  isDirectory: boolean,
): number {
  const unix = externalFileAttributes >>> 16
  if (WITH_UNIX_MODES.has(made) && (unix !== 0 || extraFieldLength === 0)) return unix
  const isReadOnly = (externalFileAttributes & 0x01) !== 0
  const isDosDirectory = isDirectory || (externalFileAttributes & 0x10) !== 0
  const owner = 0o400 | (isReadOnly ? 0 : 0o200) | (isDosDirectory ? 0o100 : 0)
  // PKZip for Unix says that it is DOS and writes Unix modes: believed when both halves agree.
  if (made === FAT && (unix & 0o700) === owner) return unix
  return (owner | (owner >> 3) | (owner >> 6)) & ~0o022
}
