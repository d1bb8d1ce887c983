import { execFileSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { lstatSync, mkdtempSync, readFileSync, readdirSync, readlinkSync, rmSync, type Stats } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { callEngine, EngineError } from './engine-api.ts'

/** A container that ran to its end: its exit code as `docker run` answers it, and what it wrote to standard output. */
export interface Run {
  exit: number
  output: string
}

/** One container of an image, without a network. */
export class Container {
  readonly #socket: string
  readonly #id: string

  private constructor(socket: string, id: string) {
    this.#socket = socket
    this.#id = id
  }

  static async of(socket: string, image: string): Promise<Container> {
    const answer = await callEngine(socket, 'POST', '/containers/create', {
      Image: image,
      HostConfig: { NetworkMode: 'none' },
    })
    return new Container(socket, (JSON.parse(answer.toString()) as { Id: string }).Id)
  }

  remove(): Promise<unknown> {
    return callEngine(this.#socket, 'DELETE', `/containers/${this.#id}?force=true&v=true`)
  }

  /**
   * What stands at these paths and below, by path without the first slash: `d MODE`, `f MODE DIGEST` (the first eight digits of SHA-256) or
   * `l TARGET`, and ` UID:GID` when that isn't root's.
   */
  async tree(paths: readonly string[]): Promise<Record<string, string>> {
    const room = mkdtempSync(join(tmpdir(), 'lucree-tree-'))
    try {
      for (const path of paths) await this.#copyOut(path, room)
      return Object.fromEntries(described(room, ''))
    } finally {
      rmSync(room, { recursive: true, force: true })
    }
  }

  async #copyOut(path: string, room: string): Promise<void> {
    try {
      const tar = await callEngine(
        this.#socket,
        'GET',
        `/containers/${this.#id}/archive?path=${encodeURIComponent(path)}`,
      )
      execFileSync('tar', ['--extract', '--numeric-owner', '--same-permissions', '--directory', room], {
        input: tar,
      })
    } catch (error) {
      if (!(error instanceof EngineError && error.status === 404)) throw error
    }
  }

  async run(): Promise<Run> {
    try {
      await callEngine(this.#socket, 'POST', `/containers/${this.#id}/start`)
    } catch (error) {
      if (!(error instanceof EngineError)) throw error
      return { exit: exitOfRefusedStart(error.message), output: '' }
    }
    const ended = await callEngine(this.#socket, 'POST', `/containers/${this.#id}/wait`)
    const log = await callEngine(this.#socket, 'GET', `/containers/${this.#id}/logs?stdout=true`)
    return { exit: (JSON.parse(ended.toString()) as { StatusCode: number }).StatusCode, output: textOf(log) }
  }
}

/** The exit code that `docker run` gives when the engine doesn't start the container (docker/cli, cli/command/container/run.go). */
function exitOfRefusedStart(message: string): number {
  if (/executable file not found|no such file or directory/.test(message)) return 127
  return /permission denied|is a directory/.test(message) ? 126 : 125
}

/** The text of a log without a terminal: frames with a head of eight bytes, the last four of them the length. */
function textOf(log: Buffer): string {
  let text = ''
  for (let at = 0; at < log.length; at += 8 + log.readUInt32BE(at + 4))
    text += log.toString('utf8', at + 8, at + 8 + log.readUInt32BE(at + 4))
  return text
}

function described(room: string, below: string): [path: string, what: string][] {
  return readdirSync(join(room, below)).flatMap((name): [string, string][] => {
    const path = below === '' ? name : `${below}/${name}`
    const stats = lstatSync(join(room, path))
    const inside = stats.isDirectory() ? described(room, path) : []
    return [[path, entryOf(join(room, path), stats)], ...inside]
  })
}

function entryOf(place: string, stats: Stats): string {
  const owner = stats.uid === 0 && stats.gid === 0 ? '' : ` ${stats.uid}:${stats.gid}`
  if (stats.isSymbolicLink()) return `l ${readlinkSync(place)}${owner}`
  const mode = (stats.mode & 0o7777).toString(8)
  if (stats.isDirectory()) return `d ${mode}${owner}`
  return `f ${mode} ${createHash('sha256').update(readFileSync(place)).digest('hex').slice(0, 8)}${owner}`
}
