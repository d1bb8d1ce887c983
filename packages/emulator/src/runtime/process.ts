import { randomBytes, randomUUID } from 'node:crypto'
import { existsSync } from 'node:fs'
import { mkdir, readdir, rename, rm } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import type { Clock } from '../clock.ts'
import { buildImage } from './process/build.ts'
import { launchOf } from './process/command.ts'
import {
  exitCodeOf,
  processesOf,
  readRecord,
  socketsOf,
  writeRecord,
  type ContainerRecord,
} from './process/container.ts'
import { settleLinks } from './process/contained-link.ts'
import { engineWords } from './process/engine-words.ts'
import { endContainer, endProcesses, endRememberedStep, rememberStep } from './process/ending.ts'
import { freePort } from './process/host-port.ts'
import { alive, identify } from './process/identity.ts'
import { readImageConfig, rootOf, tcpPortsOf } from './process/image.ts'
import { Layers } from './process/layers.ts'
import { makeDirectory } from './process/root-path.ts'
import { portShimIn, writeScaffold } from './process/scaffold.ts'
import { containedEnvironment, linkVolumes, makeWorkdir, spawnContainer } from './process/spawn-container.ts'
import {
  BuildFailed,
  type BuildOptions,
  type BuiltImage,
  type Container,
  type ContainerState,
  type PullOptions,
  type Runtime,
  type StartOptions,
} from './runtime.ts'

export interface ProcessRuntimeOptions {
  /** A directory that belongs to this runtime alone. */
  dir: string
  clock: Clock
  /** What RUN steps need of this machine's environment to reach registries (proxies, certificates, npm's configuration). */
  buildEnv?: Record<string, string>
}

/**
 * Runs bundles without a container engine: follows their Dockerfile in a directory of its own and runs the application as a
 * process of this machine, on the Node that runs the emulator. What a container would isolate isn't isolated: the file system
 * (paths are rewritten where they are text, see process/paths.ts), users, memory. Containers of one image share its files.
 * An application lives on when the emulator dies; so does its log.
 */
export class ProcessRuntime implements Runtime {
  readonly name = 'process'
  readonly #dir: string
  readonly #clock: Clock
  readonly #buildEnv: Record<string, string>
  readonly #layers: Layers
  readonly #reserved = new Set<number>()
  /** Exit codes to come, by the ids of the containers that this server started. */
  readonly #ended = new Map<string, Promise<number>>()
  #prepared: Promise<void> | undefined

  constructor({ dir, clock, buildEnv = {} }: ProcessRuntimeOptions) {
    this.#dir = dir
    this.#clock = clock
    this.#buildEnv = buildEnv
    this.#layers = new Layers(join(dir, 'layers'), clock)
  }

  async describe(): Promise<string> {
    return `processes of this machine on Node ${process.version}: follows Dockerfiles FROM node only; no isolated files, users or memory`
  }

  async build({ sourceDir, name, log, signal }: BuildOptions): Promise<BuiltImage> {
    await this.#prepare()
    const work = join(this.#dir, 'builds', randomUUID())
    await mkdir(work, { recursive: true, mode: 0o700 })
    try {
      const built = await buildImage({
        sourceDir,
        workDir: work,
        layers: this.#layers,
        shims: join(this.#dir, 'shims'),
        npmCache: join(this.#dir, 'npm-cache'),
        buildEnv: this.#buildEnv,
        clock: this.#clock,
        log,
        signal,
        remember: (pid) => rememberStep(work, pid),
      })
      const ref = join(this.#dir, 'images', `${fileName(name)}-${randomBytes(4).toString('hex')}`)
      await settleLinks(rootOf(built.directory), signal)
      await rename(built.directory, ref)
      log(`Successfully built ${built.key.slice(0, 12)}`)
      log(`Successfully tagged ${name}:latest`)
      return { ref, exposedPorts: tcpPortsOf(built.config) }
    } catch (error) {
      const words = error instanceof BuildFailed ? error.message : engineWords(error, [sourceDir])
      if (words === undefined) throw error
      log(words)
      throw error instanceof BuildFailed ? error : new BuildFailed('build', words, { cause: error })
    } finally {
      await remove(work)
    }
  }

  async pull({ image, log }: PullOptions): Promise<BuiltImage> {
    const message = `The process runtime can't run the image ${image}: it has no engine to pull it with. Start a container engine (Docker or Podman) and use --runtime docker.`
    log(message)
    throw new BuildFailed('pull', message)
  }

  async start(options: StartOptions): Promise<Container> {
    options.signal.throwIfAborted()
    await this.#prepare()
    const root = rootOf(options.image.ref)
    const config = await readImageConfig(options.image.ref)
    const directory = join(this.#dir, 'containers', fileName(options.name))
    if (existsSync(directory))
      throw new Error(`Conflict. The container name "${options.name}" is already in use`)
    const hostPort = await this.#reservePort()
    const hostname = randomBytes(6).toString('hex')
    const record: ContainerRecord = {
      name: options.name,
      id: null,
      port: options.port,
      hostPort,
      stopSignal: config.stopSignal,
    }
    try {
      const volumes = options.volumes ?? []
      for (const path of config.volumes) await makeDirectory(root, path)
      await linkVolumes(root, volumes)
      const cwd = await makeWorkdir(root, config.workdir, volumes)
      const launch = launchOf({ root, cwd }, config, options, hostname)
      await writeRecord(directory, record)
      const containment = { directory, port: options.port, hostPort, hostname }
      const env = await containedEnvironment(launch.env, portShimIn(this.#dir), containment)
      const { id, ended } = await spawnContainer({ ...launch, env }, directory, options.outputFile)
      this.#ended.set(id, ended)
      await writeRecord(directory, { ...record, id })
      return { id, host: '127.0.0.1', hostPort }
    } catch (error) {
      await remove(directory)
      const words = error instanceof BuildFailed ? error.message : engineWords(error, [root])
      throw words === undefined ? error : new Error(words, { cause: error })
    }
  }

  async inspect(container: Container): Promise<ContainerState> {
    if ((await alive(container.id)) !== undefined) return { running: true }
    const directory = await this.#directoryOf(container.id)
    const written = directory === undefined ? null : await exitCodeOf(directory, container.id)
    // Of its own child this server hears a moment after the process is gone, and the file has it later still.
    const exitCode = written ?? (await this.#ended.get(container.id)) ?? null
    // The kernel's out-of-memory killer leaves no trace that a process without a memory limit could be told by.
    return { running: false, exitCode, oomKilled: false }
  }

  async stop(container: Container, graceMs: number): Promise<void> {
    const directory = await this.#directoryOf(container.id)
    await endContainer(container.id, directory, graceMs, this.#clock)
    if (directory !== undefined) await remove(directory)
    this.#ended.delete(container.id)
    this.#reserved.delete(container.hostPort)
  }

  async has({ ref }: BuiltImage): Promise<boolean> {
    return existsSync(ref)
  }

  async removeImage(image: BuiltImage): Promise<void> {
    if (dirname(image.ref) !== join(this.#dir, 'images'))
      throw new Error(`${image.ref} is no image of this runtime`)
    await rm(image.ref, { recursive: true, force: true })
  }

  async sweep(keep: Container[], images?: BuiltImage[]): Promise<void> {
    const kept = new Set(keep.map(({ id }) => id))
    for (const directory of await subdirectories(join(this.#dir, 'containers'))) {
      const record = await readRecord(directory)
      if (record?.id && kept.has(record.id)) {
        this.#reserved.add(record.hostPort)
        continue
      }
      if (record?.id) await endContainer(record.id, directory, 0, this.#clock)
      else await endProcesses(await processesOf(directory))
      await remove(directory)
    }
    for (const directory of await subdirectories(join(this.#dir, 'builds'))) {
      await endRememberedStep(directory, this.#clock)
      await remove(directory)
    }
    await this.#layers.sweep()
    if (images === undefined) return
    const needed = new Set(images.map(({ ref }) => ref))
    for (const directory of await subdirectories(join(this.#dir, 'images'))) {
      if (!needed.has(directory)) await remove(directory)
    }
  }

  /** Everything lies in the state directory. */
  async leave(): Promise<void> {}

  async listening(container: Container): Promise<{ address: string; port: number }[]> {
    const directory = await this.#directoryOf(container.id)
    if (directory === undefined || (await alive(container.id)) === undefined) return []
    const sockets = await socketsOf(directory)
    const living = await Promise.all(sockets.map(async ({ pid }) => (await identify(pid)) !== undefined))
    return sockets.filter((_, index) => living[index]).map(({ address, port }) => ({ address, port }))
  }

  /** What every build and start relies on; written once a server, and again when that failed. */
  #prepare(): Promise<void> {
    this.#prepared ??= writeScaffold(this.#dir).catch((error: unknown) => {
      this.#prepared = undefined
      throw error
    })
    return this.#prepared
  }

  async #reservePort(): Promise<number> {
    const port = await freePort(this.#reserved)
    this.#reserved.add(port)
    return port
  }

  async #directoryOf(id: string): Promise<string | undefined> {
    for (const directory of await subdirectories(join(this.#dir, 'containers'))) {
      if ((await readRecord(directory))?.id === id) return directory
    }
    return undefined
  }
}

const fileName = (name: string): string => name.replace(/[^A-Za-z0-9._-]+/g, '-')

/** A process that is just ending may still write its exit code into the directory. */
const remove = (directory: string): Promise<void> =>
  rm(directory, { recursive: true, force: true, maxRetries: 5, retryDelay: 20 })

async function subdirectories(directory: string): Promise<string[]> {
  if (!existsSync(directory)) return []
  const entries = await readdir(directory, { withFileTypes: true })
  return entries.filter((entry) => entry.isDirectory()).map((entry) => join(directory, entry.name))
}
