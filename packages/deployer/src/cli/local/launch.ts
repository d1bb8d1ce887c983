import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdir, open, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import * as z from 'zod'
import { PlatformError, UsageError } from '../../errors.ts'
import { accountKind, otherAccount } from './account-kind.ts'
import { emulatorProgram } from './program.ts'
import { parse } from './server-record.ts'
import { checkStateDirectory } from './state-dir.ts'
import type { Around } from './server.ts'
import { serverEnvironment } from './server-environment.ts'
import { TimeIsUp, within } from './within.ts'

export interface LaunchOptions {
  dir: string
  /** This port or none; without it the server takes the one of last time, its usual one or any free one. */
  port?: number | undefined
  runtime?: 'auto' | 'docker' | 'process' | undefined
  /** `fast`, `real` or a factor. */
  pace?: string | undefined
  /** The kind of account; without it `LUCREE_LOCAL_ACCOUNT`, else what the directory holds already. */
  account?: string | undefined
  environment: Record<string, string | undefined>
}

/** How a start ended: the server says it is ready, or says why it can't be. */
const answerSchema = z.union([
  z.object({ url: z.string() }),
  z.object({ error: z.object({ code: z.string(), message: z.string() }) }),
])

const START_WITHIN_MS = 60_000

/** Starts the server as a process of its own that outlives lucree. Gives false when another one serves the directory already. */
export async function launch(options: LaunchOptions, around: Around): Promise<boolean> {
  const program = emulatorProgram()
  await checkStateDirectory(options.dir)
  await makeDirectory(options.dir)
  const complaints = join(options.dir, 'server.stderr')
  const child = await spawnServer(program, options, complaints)
  try {
    const answer = await within(around, START_WITHIN_MS, (signal) => firstAnswer(child, signal))
    if (answer === undefined) throw await diedAtStart(complaints)
    if ('url' in answer) return true
    if (answer.error.code === 'AlreadyRunning') return false
    if (answer.error.code === 'OtherAccount') throw otherAccount(answer.error.message)
    if (answer.error.code === 'DockerHost') throw badDockerHost(answer.error.message)
    if (answer.error.code === 'InvalidOption') throw invalidOption(answer.error.message)
    throw refused(answer.error, options)
  } catch (error) {
    child.kill('SIGKILL')
    throw error instanceof TimeIsUp ? tooSlow(options.dir) : error
  } finally {
    child.stdout?.destroy()
    child.unref()
  }
}

async function makeDirectory(dir: string): Promise<void> {
  try {
    await mkdir(dir, { recursive: true, mode: 0o700 })
  } catch (cause) {
    throw new PlatformError(`${dir} can't be made`, {
      code: 'LUC-LOCAL-STATE',
      why: (cause as Error).message,
      hints: ['LUCREE_LOCAL_DIR=<a directory that can be written> lucree local start'],
      cause,
    })
  }
}

async function spawnServer(
  program: string,
  options: LaunchOptions,
  complaints: string,
): Promise<ChildProcess> {
  const { dir, port, runtime, pace, environment } = options
  const account = accountKind(options.account, environment)
  const words = [
    ...['--dir', dir],
    ...(port === undefined ? [] : ['--port', String(port)]),
    ...(runtime === undefined ? [] : ['--runtime', runtime]),
    ...(pace === undefined ? [] : ['--pace', pace]),
    ...(account === undefined ? [] : ['--account', account]),
  ]
  // A file, not a pipe: the server outlives lucree, and must not meet a pipe without a reader when it has something to say.
  const stderr = await open(complaints, 'w', 0o600).catch((cause: unknown) => {
    throw new PlatformError(`${dir} can't be written`, {
      code: 'LUC-LOCAL-STATE',
      why: (cause as Error).message,
      hints: ['LUCREE_LOCAL_DIR=<a directory that can be written> lucree local start'],
      cause,
    })
  })
  try {
    return spawn(process.execPath, [program, ...words], {
      cwd: dir,
      detached: true,
      env: serverEnvironment(environment),
      stdio: ['ignore', 'pipe', stderr.fd],
    })
  } finally {
    await stderr.close()
  }
}

/** The first line that is an answer; undefined when the process ends without one. */
async function firstAnswer(child: ChildProcess, signal: AbortSignal) {
  const failed = once(child, 'error', { signal }).then(([error]) => {
    throw error
  })
  const lines = createInterface({ input: child.stdout as NodeJS.ReadableStream, signal })
  const answered = (async () => {
    for await (const line of lines) {
      const answer = parse(line, answerSchema)
      if (answer) return answer
    }
    return undefined
  })()
  failed.catch(() => undefined)
  return await Promise.race([answered, failed])
}

async function diedAtStart(complaints: string): Promise<PlatformError> {
  const lines = (await readFile(complaints, 'utf8')).trimEnd().split('\n')
  return new PlatformError('The embedded Beanstalk ended while it started', {
    code: 'LUC-LOCAL-DIED',
    evidence: lines.filter(Boolean).slice(-12),
    hints: ['lucree local reset   # when the state is damaged: removes it'],
  })
}

/** The server refuses what it was asked to be: a kind of account that there isn't, a pace that is none. */
const invalidOption = (why: string): UsageError =>
  new UsageError('The embedded Beanstalk can not be started like this', {
    code: 'LUC-LOCAL-INVALID-OPTION',
    why,
    hints: ['lucree local start --help'],
  })

/** Whoever sets DOCKER_HOST means it: no other runtime takes its place. */
const badDockerHost = (why: string): UsageError =>
  new UsageError("The container engine that DOCKER_HOST names can't be used", {
    code: 'LUC-LOCAL-DOCKER-HOST',
    why,
    hints: [
      'unset DOCKER_HOST   # then lucree looks at the usual sockets',
      'lucree local start --runtime process   # a Node application runs without an engine',
    ],
  })

function refused(error: { code: string; message: string }, { port }: LaunchOptions): PlatformError {
  const hints: Record<string, string[]> = {
    PortInUse: ['lucree local start   # without --port it takes a free one'],
    PortNotAllowed: [`lucree local start --port ${(port ?? 0) < 1024 ? 4780 : (port ?? 0) + 1}`],
    StateNotWritable: ['LUCREE_LOCAL_DIR=<a directory that can be written> lucree local start'],
    StateUnreadable: ['lucree local reset   # removes the state'],
  }
  return new PlatformError('The embedded Beanstalk did not start', {
    code: `LUC-LOCAL-${error.code.replace(/(?<=[a-z])(?=[A-Z])/g, '-').toUpperCase()}`,
    why: error.message,
    hints: hints[error.code] ?? ['lucree local status'],
  })
}

function tooSlow(dir: string): PlatformError {
  return new PlatformError('The embedded Beanstalk did not start', {
    code: 'LUC-LOCAL-TIMEOUT',
    why: `it said nothing for ${START_WITHIN_MS / 1000} s`,
    hints: [`Look into ${join(dir, 'server.log')}.`],
  })
}
