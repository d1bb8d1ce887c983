import { execFile, spawn } from 'node:child_process'
import { createHash } from 'node:crypto'
import { cp, mkdir, mkdtemp, readdir, rename, rm, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'

const packageDir = fileURLToPath(new URL('../..', import.meta.url))
const cache = join(packageDir, '.cache', 'installed')
/** A command of these tests that takes longer hangs. Milliseconds. */
const LONGEST_MS = 30_000

/** Directory of lucree as npm would install it, built from the sources as they are now; built once for all test files. */
export async function installed(): Promise<string> {
  const place = join(cache, await fingerprint())
  if (await exists(place)) return place
  await mkdir(cache, { recursive: true })
  const draft = await mkdtemp(join(cache, 'draft-'))
  for (const name of ['package.json', 'bin'])
    await cp(join(packageDir, name), join(draft, name), { recursive: true })
  await promisify(execFile)(process.execPath, [join(packageDir, 'build.mjs'), draft])
  try {
    await rename(draft, place)
  } catch (error) {
    // Another test file was faster; its build is the same.
    if (!(await exists(place))) throw error
    await rm(draft, { recursive: true, force: true })
  }
  await forgetOthers(place)
  return place
}

/** Names, sizes and times of all that is built from. */
async function fingerprint(): Promise<string> {
  const sources = (await readdir(join(packageDir, 'src'), { recursive: true })).map((file) =>
    join('src', file),
  )
  const hash = createHash('sha256')
  for (const file of [...sources, 'build.mjs', 'package.json', 'bin/lucree.js'].sort()) {
    const { size, mtimeMs } = await stat(join(packageDir, file))
    hash.update(`${file} ${size} ${mtimeMs}\n`)
  }
  return hash.digest('hex').slice(0, 16)
}

/** Builds of earlier sources that nobody has touched for an hour. */
async function forgetOthers(place: string): Promise<void> {
  const anHourAgo = (await stat(place)).ctimeMs - 3_600_000
  for (const name of await readdir(cache)) {
    const other = join(cache, name)
    if (other !== place && (await stat(other)).ctimeMs < anHourAgo)
      await rm(other, { recursive: true, force: true })
  }
}

async function exists(path: string): Promise<boolean> {
  return stat(path).then(
    () => true,
    () => false,
  )
}

export interface Ran {
  code: number | null
  signal: NodeJS.Signals | null
  stdout: string
  stderr: string
}

export interface RunOptions {
  cwd: string
  /** Added to an environment that has nothing of the developer's. */
  env?: Record<string, string>
  input?: string
  /** Called once when the process is there. */
  started?: (child: ReturnType<typeof spawn>) => void
}

/** Runs the installed command to its end, without a terminal. */
export async function lucree(
  words: string[],
  { cwd, env = {}, input = '', started }: RunOptions,
): Promise<Ran> {
  const program = join(await installed(), 'bin', 'lucree.js')
  const child = spawn(process.execPath, [program, ...words], {
    cwd,
    env: { PATH: process.env['PATH'] ?? '', HOME: cwd, LANG: 'C.UTF-8', ...env },
    timeout: LONGEST_MS,
    killSignal: 'SIGKILL',
  })
  started?.(child)
  child.stdin.on('error', () => undefined)
  child.stdin.end(input)
  const [stdout, stderr, [code, signal]] = await Promise.all([
    text(child.stdout),
    text(child.stderr),
    new Promise<[number | null, NodeJS.Signals | null]>((resolve) =>
      child.on('close', (...how) => resolve(how)),
    ),
  ])
  return { code, signal, stdout, stderr }
}
