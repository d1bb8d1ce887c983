import { execFile, spawn, type ChildProcess } from 'node:child_process'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'

const packageDir = fileURLToPath(new URL('../..', import.meta.url))

/** Compiles the application as the image gets it, into a directory of its own. */
export async function buildApi(): Promise<{ dir: string; remove: () => Promise<void> }> {
  const dir = await mkdtemp(join(tmpdir(), 'lucree-api-'))
  await promisify(execFile)(process.execPath, ['build.mjs', dir], { cwd: packageDir, timeout: 30_000 })
  return { dir, remove: () => rm(dir, { recursive: true, force: true }) }
}

/** A process of the compiled application, and all that it has written. */
export class ApiProcess {
  readonly #child: ChildProcess
  readonly #exited: Promise<{ code: number | null; signal: NodeJS.Signals | null }>
  stdout = ''
  stderr = ''

  constructor(dir: string, env: Record<string, string>, script = 'main.js') {
    this.#child = spawn(process.execPath, [join(dir, script)], {
      env: { LUCREE_HOST: '127.0.0.1', PORT: '0', ...env },
      stdio: ['ignore', 'pipe', 'pipe'],
    })
    this.#child.stdout?.on('data', (chunk: Buffer) => (this.stdout += chunk.toString()))
    this.#child.stderr?.on('data', (chunk: Buffer) => (this.stderr += chunk.toString()))
    this.#exited = new Promise((resolve) =>
      this.#child.on('close', (code, signal) => resolve({ code, signal })),
    )
  }

  get lines(): Record<string, unknown>[] {
    return this.stdout
      .split('\n')
      .filter((line) => line !== '')
      .map((line) => JSON.parse(line) as Record<string, unknown>)
  }

  /** The port it listens on, read from its log. */
  async port(): Promise<number> {
    await this.until(() => this.stdout.includes('listening at'), 'it listens')
    return Number(/listening at http:\/\/127\.0\.0\.1:(\d+)/.exec(this.stdout)?.[1])
  }

  async until(condition: () => boolean, what: string, timeoutMs = 10_000): Promise<void> {
    const deadline = Date.now() + timeoutMs
    while (!condition()) {
      if (Date.now() > deadline)
        throw new Error(`waited ${timeoutMs} ms until ${what}: ${this.stdout}${this.stderr}`)
      await new Promise((resolve) => setTimeout(resolve, 10))
    }
  }

  /** As when the reader of its log is killed: from now on its standard output leads nowhere. */
  stopReading(): void {
    this.#child.stdout?.destroy()
  }

  signal(signal: NodeJS.Signals): void {
    this.#child.kill(signal)
  }

  /** How it ended; it is killed when it doesn't end in time. */
  async exit(timeoutMs = 15_000): Promise<{ code: number | null; signal: NodeJS.Signals | null }> {
    const timer = setTimeout(() => this.#child.kill('SIGKILL'), timeoutMs)
    return this.#exited.finally(() => clearTimeout(timer))
  }
}
