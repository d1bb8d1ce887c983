import { spawn } from 'node:child_process'
import { appendFile, mkdir, open, rm, symlink, writeFile } from 'node:fs/promises'
import { join, posix } from 'node:path'
import type { StartOptions } from '../runtime.ts'
import type { Launch } from './command.ts'
import { identify } from './identity.ts'
import { signalGroup, signalNumber } from './process-group.ts'
import { makeDirectory } from './root-path.ts'

/** What the port shim is told of its container. */
export interface Containment {
  directory: string
  port: number
  hostPort: number
  hostname: string
}

/** The environment with which every Node process of the container loads the port shim first. */
export async function containedEnvironment(
  env: Record<string, string>,
  shim: string,
  containment: Containment,
): Promise<Record<string, string>> {
  const preload = join(containment.directory, 'preload.cjs')
  const text = `require(${JSON.stringify(shim)})(${JSON.stringify(containment)})\n`
  await writeFile(preload, text, { mode: 0o600 })
  // --require and not --import: it also reaches CommonJS programs without changing how they are loaded.
  const option = `--require "${preload.replace(/[\\"]/g, '\\$&')}"`
  const own = env.NODE_OPTIONS
  return { ...env, NODE_OPTIONS: own === undefined ? option : `${option} ${own}` }
}

/** A container's first process. */
interface Spawned {
  id: string
  /** Resolves with its exit code once it has ended, 128 and more after a signal. */
  ended: Promise<number>
}

/**
 * Starts the first process of a container in a group of its own, with its output going straight to the file, so that it outlives this
 * server. Its exit code is written into the container's directory; when this server is gone by then, the port shim does that.
 */
export async function spawnContainer(
  launch: Launch,
  directory: string,
  outputFile: string,
): Promise<Spawned> {
  const output = await open(outputFile, 'a', 0o600)
  try {
    const child = spawn(launch.program, launch.args, {
      cwd: launch.cwd,
      env: launch.env,
      detached: true,
      stdio: ['ignore', output.fd, output.fd],
    })
    await new Promise((resolve, reject) => child.once('spawn', resolve).once('error', reject))
    const pid = child.pid ?? 0
    const ended = new Promise<number>((resolve) => {
      child.once('exit', (status, signal) => {
        const code = status ?? 128 + signalNumber(signal)
        resolve(code)
        writeExitCode(directory, pid, code)
        signalGroup(pid, 'SIGKILL') // as a container's processes end with its first
      })
    })
    child.unref()
    return { id: (await identify(pid)) ?? `${pid}:ended`, ended }
  } finally {
    await output.close()
  }
}

function writeExitCode(directory: string, pid: number, code: number): void {
  appendFile(join(directory, 'exits'), `${pid} ${code}\n`, { mode: 0o600 }).catch(
    (error: NodeJS.ErrnoException) => {
      // Gone when the container was removed meanwhile; then nobody asks for its code.
      if (error.code !== 'ENOENT') throw error
    },
  )
}

type Volumes = NonNullable<StartOptions['volumes']>

/** A directory of this machine that a container sees becomes a link in the image's file system. */
export async function linkVolumes(root: string, volumes: Volumes): Promise<void> {
  for (const { hostDirectory, containerDirectory } of volumes) {
    const path = posix.resolve('/', containerDirectory)
    if (path === '/') throw new Error(`invalid mount path: '${containerDirectory}'`)
    await mkdir(hostDirectory, { recursive: true })
    const link = join(await makeDirectory(root, posix.dirname(path)), posix.basename(path))
    await rm(link, { recursive: true, force: true })
    await symlink(hostDirectory, link)
  }
}

/** Makes a container's working directory, which may lie in one of its volumes, and answers its place on this machine. */
export async function makeWorkdir(root: string, workdir: string, volumes: Volumes): Promise<string> {
  const covering = volumes
    .map(({ hostDirectory, containerDirectory }) => ({
      hostDirectory,
      rest: posix.relative(posix.resolve('/', containerDirectory), posix.resolve('/', workdir)),
    }))
    .filter(({ rest }) => rest !== '..' && !rest.startsWith('../'))
    // Of two volumes of which one lies in the other, the inner one.
    .sort((a, b) => a.rest.length - b.rest.length)[0]
  return covering ? makeDirectory(covering.hostDirectory, covering.rest) : makeDirectory(root, workdir)
}
