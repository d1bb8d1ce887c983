import { request } from 'node:http'
import { createReadStream } from 'node:fs'
import { type Readable } from 'node:stream'

/** What an image says of how it runs; only what tests look at. */
export interface ImageConfig {
  User?: string
  Env?: string[]
  Cmd?: string[] | null
  Entrypoint?: string[] | null
  WorkingDir?: string
  ExposedPorts?: Record<string, unknown> | null
  Volumes?: Record<string, unknown> | null
  Labels?: Record<string, string> | null
  StopSignal?: string
  Shell?: string[]
  OnBuild?: string[] | null
  Healthcheck?: { Test?: string[] }
}

/** The engine refused a call. */
export class EngineError extends Error {
  readonly status: number

  constructor(status: number, message: string) {
    super(message)
    this.status = status
  }
}

/** Longer than anything that is asked takes; milliseconds. */
const deadlineMs = 120_000

/** One call of the engine's HTTP API on its socket. Answers the body; a status of 400 or more is an error. */
export function callEngine(
  socket: string,
  method: string,
  path: string,
  body?: Readable | object,
): Promise<Buffer> {
  return new Promise((done, fail) => {
    const stream = body !== undefined && 'pipe' in body
    const type = stream ? 'application/x-tar' : 'application/json'
    const headers = body === undefined ? {} : { 'content-type': type }
    const call = request({ socketPath: socket, method, path, headers, timeout: deadlineMs }, (answer) => {
      const chunks: Buffer[] = []
      answer.on('data', (chunk: Buffer) => chunks.push(chunk))
      answer.once('error', fail)
      answer.once('end', () => {
        const content = Buffer.concat(chunks)
        const status = answer.statusCode ?? 500
        if (status < 400) done(content)
        else fail(new EngineError(status, `${method} ${path}: ${status} ${content.toString()}`))
      })
    })
    call.once('timeout', () =>
      call.destroy(new Error(`${method} ${path}: no answer within ${deadlineMs} ms`)),
    )
    call.once('error', fail)
    if (stream) body.pipe(call)
    else call.end(body === undefined ? undefined : JSON.stringify(body))
  })
}

/** The configuration of an image. */
export async function inspectImage(socket: string, id: string): Promise<ImageConfig> {
  const answer = await callEngine(socket, 'GET', `/images/${encodeURIComponent(id)}/json`)
  return (JSON.parse(answer.toString()) as { Config: ImageConfig }).Config
}

/** Makes an image of a tar of a file system. `changes` are lines of a Dockerfile. */
export async function importImage(
  socket: string,
  tar: string,
  name: string,
  changes: string[],
): Promise<void> {
  const query = new URLSearchParams([
    ['fromSrc', '-'],
    ['repo', name],
    ...changes.map((change): [string, string] => ['changes', change]),
  ])
  await callEngine(socket, 'POST', `/images/create?${query.toString()}`, createReadStream(tar))
}
