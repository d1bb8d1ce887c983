import { existsSync } from 'node:fs'
import { mkdir, open, readFile, rm, stat, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import * as z from 'zod'
import type { Clock } from '../../clock.ts'
import { EngineError, type Engine } from '../engine.ts'
import { payloads } from './frames.ts'

const followedSchema = z.object({ outputFile: z.string(), offset: z.number() })

/** How long the last lines of an ended container are waited for, in milliseconds. */
const LAST_LINES = 2_000

/**
 * Copies containers' output into their files. After a restart the engine replays a container's output from its beginning, always in the
 * same order, so as many bytes are left out as the file already holds: no line is lost, none comes twice.
 */
export class ContainerLogs {
  readonly #engine: Engine
  readonly #directory: string
  readonly #clock: Clock
  readonly #followed = new Map<string, { over: Promise<void>; abort: AbortController }>()

  constructor(engine: Engine, directory: string, clock: Clock) {
    this.#engine = engine
    this.#directory = directory
    this.#clock = clock
  }

  /** Begins to follow a new container. */
  async follow(id: string, outputFile: string): Promise<void> {
    const file = await open(outputFile, 'a', 0o600)
    const { size } = await file.stat()
    await file.close()
    await mkdir(this.#directory, { recursive: true, mode: 0o700 })
    await writeFile(this.#file(id), JSON.stringify({ outputFile, offset: size }), { mode: 0o600 })
    this.#attach(id, outputFile, size)
  }

  /** Goes on following a container that an earlier server started. */
  async resume(id: string): Promise<void> {
    if (this.#followed.has(id) || !existsSync(this.#file(id))) return
    const { outputFile, offset } = followedSchema.parse(JSON.parse(await readFile(this.#file(id), 'utf8')))
    this.#attach(id, outputFile, offset)
  }

  /** Waits for the last lines of a container that has ended, and forgets it. */
  async finish(id: string): Promise<void> {
    const followed = this.#followed.get(id)
    if (followed) {
      const done = new AbortController()
      const limit = this.#clock.sleep(LAST_LINES, done.signal).catch((error: unknown) => {
        if (!done.signal.aborted) throw error
      })
      await Promise.race([followed.over, limit])
      done.abort()
      followed.abort.abort()
    }
    this.#followed.delete(id)
    await rm(this.#file(id), { force: true })
  }

  /** Stops following all containers; where each was left is kept. */
  detach(): void {
    for (const { abort } of this.#followed.values()) abort.abort()
    this.#followed.clear()
  }

  #file(id: string): string {
    return join(this.#directory, `${id}.json`)
  }

  #attach(id: string, outputFile: string, offset: number): void {
    const abort = new AbortController()
    const over = this.#copy(id, outputFile, offset, abort.signal).catch((error: unknown) => {
      if (abort.signal.aborted) return
      // The engine went away or the container was removed: there is nothing more to copy.
      if (error instanceof EngineError || isConnectionError(error)) return
      throw error
    })
    this.#followed.set(id, { over, abort })
  }

  async #copy(id: string, outputFile: string, offset: number, signal: AbortSignal): Promise<void> {
    const query = { follow: '1', stdout: '1', stderr: '1', timestamps: '0' }
    const stream = await this.#engine.call('GET', `/containers/${id}/logs`, { query, signal })
    // Copying goes on as long as the server runs, but is no reason for it to go on.
    stream.socket.unref()
    let skip = (await stat(outputFile)).size - offset
    const file = await open(outputFile, 'a', 0o600)
    try {
      for await (const payload of payloads(stream)) {
        const fresh = payload.subarray(Math.min(skip, payload.length))
        skip -= payload.length - fresh.length
        if (fresh.length > 0) await file.write(fresh)
      }
    } finally {
      await file.close()
    }
  }
}

const isConnectionError = (error: unknown): boolean =>
  ['ECONNRESET', 'ECONNREFUSED', 'EPIPE', 'ENOENT', 'ERR_STREAM_PREMATURE_CLOSE'].includes(
    (error as NodeJS.ErrnoException).code ?? '',
  )
