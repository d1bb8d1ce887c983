import { spawn } from 'node:child_process'
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { inspectImage, type ImageConfig } from './engine-api.ts'
import { type Context, listFiles, writeContext } from './context.ts'

/** A build that the builder refused, in its own words: what follows `failed to solve: `. */
export interface Refusal {
  refused: string
}

/** How long one build may take; milliseconds. None of the tests' own takes a second on an idle machine. */
const deadlineMs = 300_000

/**
 * BuildKit of Docker 26.1.5 with Debian's own buildx, asked as a user asks it. `scripts/buildkit.mjs` starts it and names it in the environment.
 * Each build has a directory of its own, because a builder that knows a directory sends only what has changed there.
 */
export class Builder {
  readonly socket: string
  readonly #buildx: string
  readonly #room: string
  #builds = 0

  constructor() {
    const { LUCREE_BUILDER_SOCKET: socket, LUCREE_BUILDER_BUILDX: buildx } = process.env
    if (!socket || !buildx)
      throw new Error('No builder is named. Start one: eval "$(node scripts/buildkit.mjs up)"')
    this.socket = socket
    this.#buildx = buildx
    this.#room = mkdtempSync(join(tmpdir(), 'lucree-builds-'))
  }

  close(): void {
    rmSync(this.#room, { recursive: true, force: true })
  }

  /** What stands in the image's file system after `COPY . /`: files and links, sorted. */
  filesOf(context: Context): Promise<string[] | Refusal> {
    return this.#export({ ...context, Dockerfile: 'FROM scratch\nCOPY . /\n' }, listFiles)
  }

  /** The contents of the files that a Dockerfile puts into `/to`, sorted. */
  contentsOf(context: Context): Promise<string[] | Refusal> {
    return this.#export(context, (directory) => {
      const to = join(directory, 'to')
      return existsSync(to)
        ? listFiles(to)
            .map((path) => readFileSync(join(to, path), 'utf8'))
            .sort()
        : []
    })
  }

  async #export<T>(context: Context, read: (directory: string) => T): Promise<T | Refusal> {
    const { source, beside } = this.#write(context)
    mkdirSync(beside)
    const refusal = await this.#build(source, ['--output', `type=local,dest=${beside}`])
    const answer = refusal ?? read(beside)
    for (const place of [source, beside]) rmSync(place, { recursive: true, force: true })
    return answer
  }

  /** The image that a context builds, with its `Dockerfile`. */
  async imageOf(
    context: Context,
    options: string[] = [],
  ): Promise<{ id: string; config: ImageConfig } | Refusal> {
    const { source, beside } = this.#write(context)
    const refusal = await this.#build(source, ['--iidfile', beside, ...options])
    const id = refusal ? '' : readFileSync(beside, 'utf8')
    for (const place of [source, beside]) rmSync(place, { recursive: true, force: true })
    return refusal ?? { id, config: await inspectImage(this.socket, id) }
  }

  #write(context: Context): { source: string; beside: string } {
    this.#builds += 1
    const source = join(this.#room, `${this.#builds}`)
    mkdirSync(source)
    writeContext(source, context)
    return { source, beside: `${source}.out` }
  }

  /** Of two failures at once buildx may tell the second, which is only that the first ended everything: then it is asked again. */
  async #build(source: string, options: string[]): Promise<Refusal | undefined> {
    for (let turn = 0; turn < 5; turn++) {
      const refusal = await this.#buildOnce(source, options)
      if (!refusal?.refused.endsWith('context canceled')) return refusal
    }
    throw new Error('buildx ends with "context canceled" each time')
  }

  async #buildOnce(source: string, options: string[]): Promise<Refusal | undefined> {
    const args = ['build', '--progress=plain', '--provenance=false', '--network=none', ...options, source]
    const { code, said } = await this.#run(args)
    if (code === 0) return undefined
    const refused = said
      .slice(said.lastIndexOf('\nERROR: ') + 1)
      .match(/^ERROR: failed to solve: ([^]*?)\n*$/)
    if (!refused?.[1] || code === null) throw new Error(`buildx ended with ${code ?? 'a signal'}:\n${said}`)
    return { refused: refused[1] }
  }

  #run(args: string[]): Promise<{ code: number | null; said: string }> {
    // A home of its own, so that nobody's settings of a Docker client count.
    const env = { PATH: process.env.PATH, HOME: this.#room, DOCKER_HOST: `unix://${this.socket}` }
    const signal = AbortSignal.timeout(deadlineMs)
    const child = spawn(this.#buildx, args, { env, signal, stdio: ['ignore', 'ignore', 'pipe'] })
    const chunks: Buffer[] = []
    child.stderr.on('data', (chunk: Buffer) => chunks.push(chunk))
    return new Promise((done, fail) => {
      child.once('error', fail)
      child.once('close', (code) => done({ code, said: Buffer.concat(chunks).toString() }))
    })
  }
}
