import { execFile } from 'node:child_process'
import { existsSync } from 'node:fs'
import { mkdir, mkdtemp, readdir, rename, rm, stat, utimes } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'
import type { Clock } from '../../clock.ts'

const run = promisify(execFile)

/** Snapshots that are kept; the least recently used go first. A snapshot is about the size of the application's dependencies. */
const KEPT = 8

/** Copies a directory's contents with links, modes and times. `cp` shares blocks where the file system can (reflinks, APFS clones). */
export async function copyTree(from: string, to: string, signal: AbortSignal): Promise<void> {
  await mkdir(to, { recursive: true })
  await run('cp', ['-RPp', ...(process.platform === 'darwin' ? ['-c'] : []), `${from}/.`, to], {
    env: { PATH: '/bin:/usr/bin', LC_ALL: 'C' },
    signal,
  })
}

/**
 * File systems after expensive RUN steps, by the digest of all that led to them, so that a second deploy doesn't install again.
 * Two builds that come to the same step at the same time run it once.
 */
export class Layers {
  readonly #directory: string
  readonly #clock: Clock
  readonly #running = new Map<string, Promise<void>>()

  constructor(directory: string, clock: Clock) {
    this.#directory = directory
    this.#clock = clock
  }

  has(key: string): boolean {
    return existsSync(join(this.#directory, key))
  }

  /** Makes `root` a copy of the snapshot; what was there before is replaced. */
  async restore(key: string, root: string, signal: AbortSignal): Promise<void> {
    await rm(root, { recursive: true, force: true })
    await copyTree(join(this.#directory, key), root, signal)
    const now = this.#clock.now()
    await utimes(join(this.#directory, key), now, now)
  }

  async save(key: string, root: string, signal: AbortSignal): Promise<void> {
    if (this.has(key)) return
    await mkdir(this.#directory, { recursive: true })
    const partial = await mkdtemp(join(this.#directory, '.partial-'))
    try {
      await copyTree(root, partial, signal)
      const now = this.#clock.now()
      await utimes(partial, now, now)
      await rename(partial, join(this.#directory, key))
    } finally {
      await rm(partial, { recursive: true, force: true })
    }
    await this.#prune()
  }

  /** Removes copies that an earlier server began and didn't finish. */
  async sweep(): Promise<void> {
    if (!existsSync(this.#directory)) return
    const partial = (await readdir(this.#directory)).filter((name) => name.startsWith('.'))
    for (const name of partial) await rm(join(this.#directory, name), { recursive: true, force: true })
  }

  /** Runs `work` when nobody else is at the same step; else waits for them first. */
  async once(key: string, work: () => Promise<void>): Promise<void> {
    for (let other = this.#running.get(key); other; other = this.#running.get(key)) await other
    const mine = work()
    // The waiting ones only need to know that it is over; whoever started it hears of its failure.
    const over = mine.then(
      () => undefined,
      () => undefined,
    )
    this.#running.set(key, over)
    try {
      await mine
    } finally {
      this.#running.delete(key)
    }
  }

  async #prune(): Promise<void> {
    const names = (await readdir(this.#directory)).filter((name) => !name.startsWith('.'))
    const aged = await Promise.all(
      names.map(async (name) => ({ name, used: (await stat(join(this.#directory, name))).mtimeMs })),
    )
    const old = aged.sort((a, b) => b.used - a.used).slice(KEPT)
    for (const { name } of old) await rm(join(this.#directory, name), { recursive: true, force: true })
  }
}
