import { randomUUID } from 'node:crypto'
import { performServerHandshake, type IncomingHttpHeaders, type ServerHttp2Stream } from 'node:http2'
import type { Engine } from '../../engine.ts'
import { sendFiles } from './file-sync.ts'
import { begin, finish, INTERNAL, OK, send, UNIMPLEMENTED } from './grpc.ts'

const CHECK = '/grpc.health.v1.Health/Check'
const CREDENTIALS = '/moby.filesync.v1.Auth/Credentials'
const DIFF_COPY = '/moby.filesync.v1.FileSync/DiffCopy'

/** `HealthCheckResponse{status: SERVING}`. */
const SERVING = Uint8Array.of(0x08, 0x01)

/** What a build is made of: paths as the builder names them, with their places on this machine. */
export interface BuildInput {
  /** What COPY and ADD see, directories too. */
  context: ReadonlyMap<string, string>
  /** The Dockerfile and the ignore files that it may have, no links: the builder reads them, whether COPY sees them or not. */
  dockerfile: ReadonlyMap<string, string>
}

/** A connection on which the builder asks for what it needs of its client. */
export interface BuildSession {
  id: string
  close(): void
}

/**
 * Opens the session of one build, as `docker build` has one: the engine becomes the client of HTTP/2 on a connection that it was asked to upgrade.
 * It gives the builder its input, and to registries nobody's credentials, with which the engine fetches their tokens for the public. Undefined where the engine has no BuildKit.
 */
export async function openSession(
  engine: Engine,
  input: BuildInput,
  signal: AbortSignal,
): Promise<BuildSession | undefined> {
  const id = randomUUID().replaceAll('-', '')
  const headers = {
    'x-docker-expose-session-uuid': id,
    'x-docker-expose-session-name': 'lucree',
    // Builders keep what they were sent under this key, and compare sizes and dates with it: each build has a key of its own.
    'x-docker-expose-session-sharedkey': id,
    'x-docker-expose-session-grpc-method': [CHECK, CREDENTIALS, DIFF_COPY],
  }
  const socket = await engine.upgrade('/session', 'h2c', headers, signal)
  if (!socket) return undefined
  const session = performServerHandshake(socket)
  session.on('stream', (stream, asked) => void answer(stream, asked, input))
  // The engine has gone: the build's own connection tells of it.
  session.on('error', () => session.destroy())
  return { id, close: () => session.destroy() }
}

async function answer(
  stream: ServerHttp2Stream,
  headers: IncomingHttpHeaders & { ':path'?: string },
  input: BuildInput,
): Promise<void> {
  const gone = new AbortController()
  stream.once('close', () => gone.abort(new Error('The builder has ended the call')))
  stream.on('error', () => gone.abort(new Error('The builder has ended the call')))
  begin(stream)
  try {
    finish(stream, await serve(stream, headers, input, gone.signal))
  } catch (error) {
    // The builder tells of it in the build's own output.
    finish(stream, INTERNAL, (error as Error).message)
  }
}

async function serve(
  stream: ServerHttp2Stream,
  headers: IncomingHttpHeaders & { ':path'?: string },
  { context, dockerfile }: BuildInput,
  gone: AbortSignal,
): Promise<number> {
  const method = headers[':path']
  if (method === DIFF_COPY) {
    await sendFiles(stream, headers['dir-name'] === 'dockerfile' ? dockerfile : context, gone)
    return OK
  }
  stream.resume()
  if (method === CHECK) await send(stream, SERVING, gone)
  else if (method === CREDENTIALS) await send(stream, new Uint8Array(), gone)
  else return UNIMPLEMENTED
  return OK
}
