import { spawn, type ChildProcess } from 'node:child_process'
import { cp, mkdir, mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

export const repository = dirname(dirname(fileURLToPath(import.meta.url)))
const LUCREE = join(repository, 'packages/deployer/bin/lucree.js')
/** No command of a test takes longer; what does hangs. Milliseconds. */
const LONGEST_MS = 150_000

/** How a command ended, and all that it wrote. */
export interface Ran {
  code: number | null
  stdout: string
  stderr: string
  /** Standard output as the one JSON document that it must be. */
  json<T = Record<string, unknown>>(): T
}

interface RunOptions {
  cwd?: string
  input?: string | Buffer
  env?: Record<string, string>
}

/** A machine of its own for the built `lucree`: home, temporary directory and embedded Beanstalk, with nothing of the developer's. */
export class Sandbox {
  readonly dir: string
  readonly #environment: Record<string, string>

  private constructor(dir: string) {
    this.dir = dir
    this.#environment = {
      PATH: process.env['PATH'] ?? '',
      HOME: join(dir, 'home'),
      TMPDIR: join(dir, 'tmp'),
      LUCREE_LOCAL_DIR: this.state,
      LANG: 'C.UTF-8',
      // Hundreds of deploys of servers that don't end by themselves; e2e/steady.e2e.test.ts is about those that do.
      LUCREE_STEADY: '0s',
      ...passedOn(),
    }
  }

  /** `runtime` is the one that the embedded Beanstalk is started with. */
  static async open(runtime: 'process' | 'docker' = 'process'): Promise<Sandbox> {
    const sandbox = new Sandbox(await mkdtemp(join(tmpdir(), 'lucree-e2e-')))
    await mkdir(join(sandbox.dir, 'home'))
    await mkdir(join(sandbox.dir, 'tmp'))
    const started = await sandbox.lucree(['local', 'start', '--runtime', runtime])
    if (started.code !== 0) throw new Error(`no embedded Beanstalk: ${started.stderr}`)
    return sandbox
  }

  /** State directory of the embedded Beanstalk. */
  get state(): string {
    return join(this.dir, 'state')
  }

  async close(): Promise<void> {
    await this.lucree(['local', 'reset', '--yes'])
    await rm(this.dir, { recursive: true, force: true })
  }

  /** A copy of one of e2e/apps that a test may change. */
  async app(name: string): Promise<string> {
    const copy = join(await mkdtemp(join(this.dir, 'app-')), name)
    await cp(join(repository, 'e2e/apps', name), copy, { recursive: true })
    return copy
  }

  /** Runs the built command to its end. */
  async lucree(words: string[], options: RunOptions = {}): Promise<Ran> {
    return finished(this.start(words, options), options.input)
  }

  /** Starts the built command and leaves the rest to the test. */
  start(words: string[], { cwd = this.dir, env = {} }: RunOptions = {}): ChildProcess {
    return spawn(process.execPath, [LUCREE, ...words], {
      cwd,
      env: { ...this.#environment, ...env },
      stdio: ['pipe', 'pipe', 'pipe'],
    })
  }

  /** The record of the running server. */
  async server(): Promise<{ pid: number; url: string }> {
    return JSON.parse(await readFile(join(this.state, 'server.json'), 'utf8')) as { pid: number; url: string }
  }

  /** Any other program, with the sandbox's environment. */
  program(file: string, words: string[], env: Record<string, string> = {}): Promise<Ran> {
    return finished(
      spawn(file, words, { cwd: this.dir, env: { ...this.#environment, ...env }, stdio: 'pipe' }),
    )
  }
}

/** How this machine reaches its registry and its container engine: a build in a test needs both. */
function passedOn(): Record<string, string> {
  const wanted =
    /^(DOCKER_HOST|CONTAINER_HOST|LUCREE_BUILD_NETWORK|NODE_EXTRA_CA_CERTS|(https?|no)_proxy|npm_config_.*)$/i
  return Object.fromEntries(
    Object.entries(process.env).flatMap(([name, value]) =>
      value !== undefined && wanted.test(name) ? [[name, value]] : [],
    ),
  )
}

/** Waits for a process to end, at most {@link LONGEST_MS}. */
export function finished(child: ChildProcess, input?: string | Buffer): Promise<Ran> {
  const { promise, resolve, reject } = withResolvers<Ran>()
  let stdout = ''
  let stderr = ''
  child.stdout?.setEncoding('utf8').on('data', (text: string) => (stdout += text))
  child.stderr?.setEncoding('utf8').on('data', (text: string) => (stderr += text))
  const overtime = setTimeout(() => {
    child.kill('SIGKILL')
    reject(new Error(`${child.spawnargs.join(' ')} did not end\n${stdout}\n${stderr}`))
  }, LONGEST_MS)
  child.on('error', reject)
  child.on('close', (code) => {
    clearTimeout(overtime)
    resolve({ code, stdout, stderr, json: <T>() => JSON.parse(stdout) as T })
  })
  child.stdin?.on('error', () => undefined)
  child.stdin?.end(input ?? '')
  return promise
}

function withResolvers<T>() {
  let resolve!: (value: T) => void
  let reject!: (reason: Error) => void
  const promise = new Promise<T>((...settle) => ([resolve, reject] = settle))
  return { promise, resolve, reject }
}

/** Asks a deployed application, with a token when one is given. */
export async function ask(url: string, token?: string): Promise<{ status: number; body: string }> {
  const headers: Record<string, string> = { connection: 'close' }
  // fetch takes header values as Latin-1: the bytes of UTF-8 go over the wire as they are, as curl sends them.
  if (token !== undefined) headers['authorization'] = `Token ${Buffer.from(token).toString('latin1')}`
  const answer = await fetch(url, { headers })
  return { status: answer.status, body: await answer.text() }
}
