import { ignoreFileNames } from '@lucree/docker-context'
import { randomBytes } from 'node:crypto'
import { join } from 'node:path'
import { type Readable } from 'node:stream'
import { pack } from 'tar-fs'
import { readContextFile } from '../context-file.ts'
import { readContext } from '../context.ts'
import type { Engine, EngineRequest } from '../engine.ts'
import { BuildFailed, type BuildOptions } from '../runtime.ts'
import { followBuildKit, followed, followOutput } from './build-output.ts'
import { openSession, type BuildInput, type BuildSession } from './buildkit/session.ts'
import type { EngineKind } from './engine-kind.ts'

export interface BuilderOptions {
  engine: Engine
  kind: () => Promise<EngineKind>
  buildArgs: Record<string, string>
  /** As `docker build --network`. */
  buildNetwork: string | undefined
}

/** Builds images: with BuildKit, as AWS does, or with what the engine has in its place. */
export class Builder {
  readonly #options: BuilderOptions

  constructor(options: BuilderOptions) {
    this.#options = options
  }

  /** Builds the Dockerfile; answers the image's name. Throws {@link BuildFailed}, and leaves nothing of a build that failed. */
  async build(
    { sourceDir, name, log, signal }: BuildOptions,
    labels: Record<string, string>,
  ): Promise<string> {
    const { engine, kind, buildArgs, buildNetwork } = this.#options
    // A tag of its own: images of the same content share their id, and removing one must not remove the other.
    const ref = `${name}:${randomBytes(6).toString('hex')}`
    const query = {
      t: ref,
      labels: JSON.stringify(labels),
      buildargs: JSON.stringify(buildArgs),
      networkmode: buildNetwork,
    }
    const input = await inputOf(sourceDir, signal)
    const { differs } = await kind()
    if (differs !== undefined) log(differs)
    const session = await openSession(engine, input, signal)
    try {
      const failure = session
        ? await this.#withBuildKit({ query, signal }, session, log)
        : await this.#without({ query, tar: archiveOf(sourceDir, input), signal }, log)
      if (failure === undefined) return ref
      for (const line of failure.split('\n')) log(line)
      throw new BuildFailed('build', failure)
    } finally {
      session?.close()
    }
  }

  #withBuildKit(
    { query, signal }: EngineRequest,
    session: BuildSession,
    log: (line: string) => void,
  ): Promise<string | undefined> {
    const options = {
      query: { ...query, version: '2', session: session.id, remote: 'client-session' },
      signal,
    }
    return followed(this.#options.engine, '/build', options, (output) => followBuildKit(output, log))
  }

  /** `layers` is Podman's: what it keeps of a build's steps has no label, and would stay for ever. */
  #without({ query, ...rest }: EngineRequest, log: (line: string) => void): Promise<string | undefined> {
    const options = { query: { ...query, rm: '1', forcerm: '1', layers: '0' }, ...rest }
    return followed(this.#options.engine, '/build', options, (output) => followOutput(output, log))
  }
}

async function inputOf(root: string, signal: AbortSignal): Promise<BuildInput> {
  const context = (await readContext(root, signal)).map(({ path }): [string, string] => [
    path,
    join(root, path),
  ])
  const dockerfile = new Map<string, string>()
  for (const name of ['Dockerfile', ...ignoreFileNames()]) {
    const found = await readContextFile(root, name)
    if (found.kind === 'file') dockerfile.set(name, found.place)
  }
  return { context: new Map(context), dockerfile }
}

/** One archive of both: the engine leaves out of COPY by itself what the ignore file names. */
function archiveOf(root: string, { context, dockerfile }: BuildInput): Readable {
  const entries = [...new Set([...dockerfile.keys(), ...context.keys()])]
  // All that a directory holds is listed itself.
  return pack(root, { entries, ignore: () => true }) as unknown as Readable
}
