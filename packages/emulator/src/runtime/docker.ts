import { randomUUID } from 'node:crypto'
import { existsSync } from 'node:fs'
import { mkdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { Readable } from 'node:stream'
import * as z from 'zod'
import type { Clock } from '../clock.ts'
import { readContextFile } from './context-file.ts'
import { Builder } from './docker/builder.ts'
import { ContainerLogs } from './docker/container-log.ts'
import { containerSpec } from './docker/container-spec.ts'
import { askKind, type EngineKind } from './docker/engine-kind.ts'
import { exposedInOrder } from './docker/exposed-ports.ts'
import { payloads } from './docker/frames.ts'
import { ImageStore, labelOf } from './docker/image-store.ts'
import { socketTables } from './docker/socket-tables.ts'
import { parseProcNet } from './docker/sockets.ts'
import { EngineError, type Engine } from './engine.ts'
import type {
  BuildOptions,
  BuiltImage,
  Container,
  ContainerState,
  PullOptions,
  Runtime,
  StartOptions,
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
  readonly #builder: Builder
  readonly #images: ImageStore
  readonly #logs: ContainerLogs
  #asked: Promise<EngineKind> | undefined
  #stateId: Promise<string> | undefined

  constructor({ engine, dir, clock, buildArgs = {}, buildNetwork }: DockerRuntimeOptions) {
    this.#engine = engine
    this.#dir = dir
    this.#builder = new Builder({ engine, kind: () => this.#kind(), buildArgs, buildNetwork })
    this.#images = new ImageStore(engine)
    this.#logs = new ContainerLogs(engine, join(dir, 'logs'), clock)
  }

  async describe(): Promise<string> {
    const { name, apiVersion, differs } = await this.#kind()
    const builds = differs === undefined ? 'builds with BuildKit, as AWS does' : differs
    return `${name} (API ${apiVersion}) at ${this.#engine.address}: ${builds}`
  }

  async build(options: BuildOptions): Promise<BuiltImage> {
    const stateId = await this.#ownState()
    const ref = await this.#builder.build(options, { 'lucree.state': stateId })
    const dockerfile = await readContextFile(options.sourceDir, 'Dockerfile')
    const text = dockerfile.kind === 'file' ? dockerfile.text : ''
    return { ref, exposedPorts: exposedInOrder(await this.#images.exposed(ref), text) }
  }

  async pull(options: PullOptions): Promise<BuiltImage> {
    const ref = await this.#images.pull(options, await this.#ownState())
    return { ref, exposedPorts: exposedInOrder(await this.#images.exposed(ref), '') }
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

  has({ ref }: BuiltImage): Promise<boolean> {
    return this.#images.has(ref)
  }

  removeImage({ ref }: BuiltImage): Promise<void> {
    return this.#images.remove(ref)
  }

  async sweep(keep: Container[], images?: BuiltImage[]): Promise<void> {
    const kept = new Set(keep.map(({ id }) => id))
    const stateId = await this.#ownState()
    const query = { all: '1', filters: JSON.stringify({ label: [labelOf(stateId)] }) }
    for (const { Id } of await this.#engine.json(z.array(idSchema), 'GET', '/containers/json', { query })) {
      if (kept.has(Id)) await this.#logs.resume(Id)
      else {
        await this.#logs.finish(Id)
        await this.#remove(Id)
      }
    }
    if (images !== undefined) await this.#images.sweep(stateId, images)
  }

  /** An engine's images lie outside of the state directory: none stays when nothing runs. */
  async leave(): Promise<void> {
    await this.#images.sweep(await this.#ownState(), [])
  }

  /** Stops copying the containers' output; they go on running, and {@link sweep} of a later server goes on copying. */
  detach(): void {
    this.#logs.detach()
  }

  async listening({ id }: Container): Promise<{ address: string; port: number }[]> {
    const found = await this.#inspect(id)
    if (!found?.State.Running) return []
    return parseProcNet((await socketTables(id, found.State.Pid)) ?? (await this.#askInside(id)))
  }

  /** From inside, as the engine runs in a machine of its own; empty when the image has no `cat`, and when the container has ended meanwhile. */
  async #askInside(id: string): Promise<string> {
    const Cmd = ['cat', '/proc/net/tcp', '/proc/net/tcp6']
    const body = { AttachStdout: true, AttachStderr: false, Cmd, User: '0' }
    try {
      const exec = await this.#engine.json(idSchema, 'POST', `/containers/${id}/exec`, { body })
      const started = await this.#engine.call('POST', `/exec/${exec.Id}/start`, {
        body: { Detach: false, Tty: false },
      })
      return await text(Readable.from(payloads(started)))
    } catch (error) {
      if (error instanceof EngineError) return ''
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

  /** Asked once, and again when that failed. */
  #kind(): Promise<EngineKind> {
    this.#asked ??= askKind(this.#engine).catch((error: unknown) => {
      this.#asked = undefined
      throw error
    })
    return this.#asked
  }

  /** The label by which containers and images of this state directory are known, also after it was moved. */
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
