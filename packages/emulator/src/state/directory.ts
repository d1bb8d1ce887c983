import { createHash } from 'node:crypto'
import { chmod, mkdir, readFile, realpath } from 'node:fs/promises'
import { join } from 'node:path'
import writeFileAtomic from 'write-file-atomic'
import { EmulatorError } from '../errors.ts'
import { claimDirectory, Held } from './claim.ts'
import { readServerRecord, type ServerRecord } from './server-record.ts'

/** A state directory that is this process's alone. */
export interface StateDirectory {
  /** Real path. */
  dir: string
  /** Sixteen hexadecimal digits that tell this directory from others without naming it. */
  fingerprint: string
  /** The port that the last server here listened on: whoever kept the URL finds the next one there. */
  lastPort: number | undefined
  rememberPort(port: number): Promise<void>
  /** The last server's record, when it was killed: one that ends by itself takes it along. */
  killed: ServerRecord | undefined
  release(): Promise<void>
}

/** Makes the directory (0700) and claims it. Throws EmulatorError `AlreadyRunning`, with the other's pid and URL, or `StateNotWritable`. */
export async function openStateDirectory(path: string): Promise<StateDirectory> {
  try {
    await mkdir(path, { recursive: true, mode: 0o700 })
    const dir = await realpath(path)
    await chmod(dir, 0o700)
    const claim = await claimDirectory(dir)
    return {
      dir,
      fingerprint: createHash('sha256').update(dir).digest('hex').slice(0, 16),
      lastPort: await readLastPort(dir),
      killed: await readServerRecord(dir),
      rememberPort: (port) => writeFileAtomic(join(dir, 'last-port'), `${port}\n`, { mode: 0o600 }),
      release: () => claim.release(),
    }
  } catch (cause) {
    if (cause instanceof Held) throw await alreadyRunning(path, cause)
    if (cause instanceof EmulatorError) throw cause
    throw new EmulatorError(
      'StateNotWritable',
      `${path} can't be used for state: ${(cause as Error).message}.`,
      { cause },
    )
  }
}

async function alreadyRunning(path: string, cause: Held): Promise<EmulatorError> {
  const { pid } = cause.holder
  const record = await readServerRecord(path)
  const where = record?.pid === pid ? ` at ${record.url}` : ', which is still starting'
  return new EmulatorError('AlreadyRunning', `${path} is served already by process ${pid}${where}.`, {
    cause,
  })
}

async function readLastPort(dir: string): Promise<number | undefined> {
  try {
    const port = Number(await readFile(join(dir, 'last-port'), 'utf8'))
    return Number.isInteger(port) && port > 0 && port < 65_536 ? port : undefined
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code === 'ENOENT') return undefined
    throw cause
  }
}
