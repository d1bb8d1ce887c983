import { randomBytes, randomUUID } from 'node:crypto'
import { existsSync } from 'node:fs'
import { mkdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { Readable } from 'node:stream'
import { pack } from 'tar-fs'
import * as z from 'zod'
import type { Clock } from '../clock.ts'
import { readContext } from './context.ts'
import { followOutput } from './docker/build-output.ts'
import { ContainerLogs } from './docker/container-log.ts'
import { containerSpec } from './docker/container-spec.ts'
import { exposedInOrder } from './docker/exposed-ports.ts'
import { payloads } from './docker/frames.ts'
import { parseProcNet } from './docker/sockets.ts'
import { EngineError, type Engine } from './engine.ts'
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

export interface DockerRuntimeOptions {
  engine: Engine
  /** A directory that belongs to this runtime alone. */
  dir: string
  clock: Clock
  buildArgs?: Record<string, string>
  /** As `docker build --network`: `host` or `none` where the engine has no working bridge for builds. */
  buildNetwork?: string
}

const versionSchema = z.object({
  Version: z.string(),
  ApiVersion: z.string(),
  Components: z.array(z.object({ Name: z.string() })).optional(),
})
const imageSchema = z.object({
  Config: z.object({ ExposedPorts: z.record(z.string(), z.unknown()).nullish() }).nullish(),
})
const containerSchema = z.object({
  State: z.object({
    Running: z.boolean(),
    ExitCode: z.number(),
    OOMKilled: z.boolean().optional(),
    Pid: z.number(),
  }),
  NetworkSettings: z.object({
    Ports: z.record(z.string(), z.array(z.object({ HostPort: z.string() })).nullable()).nullish(),
  }),
})
const idSchema = z.object({ Id: z.string() })

/** Runs bundles with an engine that speaks Docker's API, as the platform does on its instances. */
export class DockerRuntime implements Runtime {
  readonly name = 'docker'
  readonly #engine: Engine
  readonly #dir: string
  readonly #buildArgs: Record<string, string>
  readonly #buildNetwork: string | undefined
  readonly #logs: ContainerLogs
  #stateId: Promise<string> | undefined

  constructor({ engine, dir, clock, buildArgs = {}, buildNetwork }: DockerRuntimeOptions) {
    this.#engine = engine
    this.#dir = dir
    this.#buildArgs = buildArgs
    this.#buildNetwork = buildNetwork
    this.#logs = new ContainerLogs(engine, join(dir, 'logs'), clock)
  }

  async describe(): Promise<string> {
    const { Version, ApiVersion, Components } = await this.#engine.json(versionSchema, 'GET', '/version')
    const podman = Components?.some(({ Name }) => /podman/i.test(Name)) === true
    return `${podman ? 'Podman' : 'Docker'} ${Version} (API ${ApiVersion}) at ${this.#engine.address}`
  }

  async build({ sourceDir, name, log, signal }: BuildOptions): Promise<BuiltImage> {
    // A tag of its own: images of the same content share their id, and removing one must not remove the other.
    const ref = `${name}:${randomBytes(6).toString('hex')}`
    const query = {
      t: ref,
      rm: '1',
      forcerm: '1',
      buildargs: JSON.stringify(this.#buildArgs),
      networkmode: this.#buildNetwork,
    }
    const tar = await contextArchive(sourceDir, signal)
    await this.#follow('build', '/build', { query, tar, signal }, log)
    return { ref, exposedPorts: await this.#exposedPorts(ref, await readDockerfile(sourceDir)) }
  }

  async pull({ image, onlyIfMissing, log, signal }: PullOptions): Promise<BuiltImage> {
    // Without a tag the API would fetch all of them.
    const fromImage = /@|:[^/]*$/.test(image) ? image : `${image}:latest`
    const present = onlyIfMissing && (await this.#hasImage(fromImage))
    if (!present) await this.#follow('pull', '/images/create', { query: { fromImage }, signal }, log)
    const [repo, tag] = ['lucree/pulled', randomBytes(6).toString('hex')]
    // Under a name of ours, so that removing it leaves the user's own image alone.
    await this.#engine.done('POST', `/images/${encodeURIComponent(fromImage)}/tag`, { query: { repo, tag } })
    const ref = `${repo}:${tag}`
    return { ref, exposedPorts: await this.#exposedPorts(ref, '') }
  }

  async start(options: StartOptions): Promise<Container> {
    const { name, port, outputFile, signal } = options
    const body = containerSpec(options, await this.#ownState())
    const created = await this.#engine.json(idSchema, 'POST', '/containers/create', {
      query: { name },
      body,
      signal,
    })
    const id = created.Id
    try {
      await this.#engine.done('POST', `/containers/${id}/start`, { signal })
      await this.#logs.follow(id, outputFile)
      return { id, host: '127.0.0.1', hostPort: await this.#hostPort(id, port) }
    } catch (error) {
      await this.#logs.finish(id)
      await this.#remove(id)
      throw error
    }
  }

  async inspect({ id }: Container): Promise<ContainerState> {
    const found = await this.#inspect(id)
    if (!found) return { running: false, exitCode: null, oomKilled: false }
    const { Running, ExitCode, OOMKilled = false } = found.State
    return Running ? { running: true } : { running: false, exitCode: ExitCode, oomKilled: OOMKilled }
  }

  async stop({ id }: Container, graceMs: number): Promise<void> {
    const t = String(Math.ceil(graceMs / 1000))
    await this.#engine.done('POST', `/containers/${id}/stop`, { query: { t } }, [304, 404])
    await this.#logs.finish(id)
    await this.#remove(id)
  }

  async removeImage({ ref }: BuiltImage): Promise<void> {
    await this.#engine.done('DELETE', `/images/${encodeURIComponent(ref)}`, { query: { force: '1' } }, [404])
  }

  async sweep(keep: Container[]): Promise<void> {
    const kept = new Set(keep.map(({ id }) => id))
    const filters = JSON.stringify({ label: [`lucree.state=${await this.#ownState()}`] })
    const query = { all: '1', filters }
    for (const { Id } of await this.#engine.json(z.array(idSchema), 'GET', '/containers/json', { query })) {
      if (kept.has(Id)) await this.#logs.resume(Id)
      else {
        await this.#logs.finish(Id)
        await this.#remove(Id)
      }
    }
  }

  /** Stops copying the containers' output; they go on running, and {@link sweep} of a later server goes on copying. */
  detach(): void {
    this.#logs.detach()
  }

  async listening({ id }: Container): Promise<{ address: string; port: number }[]> {
    const found = await this.#inspect(id)
    if (!found?.State.Running) return []
    return parseProcNet(await this.#procNet(id, found.State.Pid))
  }

  /** From inside, as the engine may run in a machine of its own; from /proc of this one when the image has no `cat`. */
  async #procNet(id: string, pid: number): Promise<string> {
    const Cmd = ['cat', '/proc/net/tcp', '/proc/net/tcp6']
    const body = { AttachStdout: true, AttachStderr: false, Cmd, User: '0' }
    const exec = await this.#engine.json(idSchema, 'POST', `/containers/${id}/exec`, { body })
    const started = await this.#engine.call('POST', `/exec/${exec.Id}/start`, {
      body: { Detach: false, Tty: false },
    })
    const output = await text(Readable.from(payloads(started)))
    if (output.includes('local_address')) return output
    const tables = [`/proc/${pid}/net/tcp`, `/proc/${pid}/net/tcp6`].filter((path) => existsSync(path))
    return (await Promise.all(tables.map((path) => readFile(path, 'utf8')))).join('\n')
  }

  async #follow(
    phase: 'build' | 'pull',
    path: string,
    options: Parameters<Engine['call']>[2],
    log: (line: string) => void,
  ): Promise<void> {
    const failure = await this.#report(path, options, log)
    if (failure === undefined) return
    log(failure)
    throw new BuildFailed(phase, failure)
  }

  /** The engine refuses some builds at once (a Dockerfile that can't be read, an unknown image) and others in its output. */
  async #report(
    path: string,
    options: Parameters<Engine['call']>[2],
    log: (line: string) => void,
  ): Promise<string | undefined> {
    try {
      return await followOutput(await this.#engine.call('POST', path, options), log)
    } catch (error) {
      options?.signal?.throwIfAborted()
      if (error instanceof EngineError) return error.message
      throw error
    }
  }

  async #exposedPorts(ref: string, dockerfile: string): Promise<number[]> {
    const { Config } = await this.#engine.json(imageSchema, 'GET', `/images/${encodeURIComponent(ref)}/json`)
    return exposedInOrder(Object.keys(Config?.ExposedPorts ?? {}), dockerfile)
  }

  async #hasImage(ref: string): Promise<boolean> {
    try {
      await this.#engine.json(imageSchema, 'GET', `/images/${encodeURIComponent(ref)}/json`)
      return true
    } catch (error) {
      if (error instanceof EngineError && error.status === 404) return false
      throw error
    }
  }

  async #inspect(id: string): Promise<z.infer<typeof containerSchema> | undefined> {
    try {
      return await this.#engine.json(containerSchema, 'GET', `/containers/${id}/json`)
    } catch (error) {
      if (error instanceof EngineError && error.status === 404) return undefined
      throw error
    }
  }

  async #hostPort(id: string, port: number): Promise<number> {
    const found = await this.#inspect(id)
    const published = found?.NetworkSettings.Ports?.[`${port}/tcp`]?.[0]?.HostPort
    // A container that has ended at once has no ports any more; its log says why.
    return published === undefined ? 0 : Number(published)
  }

  async #remove(id: string): Promise<void> {
    await this.#engine.done('DELETE', `/containers/${id}`, { query: { force: '1', v: '1' } }, [404, 409])
  }

  /** The label by which containers of this state directory are known, also after it was moved. */
  #ownState(): Promise<string> {
    this.#stateId ??= readOrMake(this.#dir, 'state-id')
    return this.#stateId
  }
}

async function readOrMake(directory: string, name: string): Promise<string> {
  const file = join(directory, name)
  if (existsSync(file)) return readFile(file, 'utf8')
  await mkdir(directory, { recursive: true, mode: 0o700 })
  const id = randomUUID()
  await writeFile(file, id, { mode: 0o600 })
  return id
}

/** The context less `.dockerignore`. The Dockerfile is always sent, as `docker build` does; the engine leaves it out of COPY itself. */
async function contextArchive(sourceDir: string, signal: AbortSignal): Promise<Readable> {
  const entries = (await readContext(sourceDir, signal)).map(({ path }) => path)
  const always = ['Dockerfile', '.dockerignore'].filter((name) => existsSync(join(sourceDir, name)))
  const listed = new Set([...always, ...entries])
  return pack(sourceDir, {
    entries: [...listed],
    ignore: (path) => !listed.has(path.slice(sourceDir.length + 1)),
  }) as unknown as Readable
}

async function readDockerfile(sourceDir: string): Promise<string> {
  return readFile(join(sourceDir, 'Dockerfile'), 'utf8')
}
