import type { InlineFile, PlannedInstruction } from '@lucree/docker-context'
import { createReadStream, statSync } from 'node:fs'
import { mkdir, writeFile } from 'node:fs/promises'
import { join, posix } from 'node:path'
import { pipeline } from 'node:stream/promises'
import { createGunzip } from 'node:zlib'
import { extract } from 'tar-fs'
import { readTree, type ContextEntry } from '../context.ts'
import { BuildFailed } from '../runtime.ts'
import { copyInto, digestOf, findSources, itemsOf, type CopyOrigin } from './copy.ts'
import { insideRoot, staysInside } from './paths.ts'
import { digest, materialise, wordsOf, type BuildSession, type Stage, type Step } from './stage.ts'

/** One COPY or ADD, read. */
interface Request {
  keyword: string
  sources: string[]
  /** The container's absolute path; ends with `/` when it can only be a directory. */
  target: string
  mode: number | undefined
  /** Heredocs. */
  files: readonly InlineFile[]
}

/** COPY and ADD. `--chown` has no effect, as all files belong to the user of this machine; `--link` changes nothing that is seen. */
export const copy: Step = async (planned, stage, session) => {
  const request = readRequest(planned, stage)
  const from = sourceStage(planned, session)
  if (from) {
    // What an earlier stage holds follows from its key, so its files needn't be read, or be there at all, before they are copied.
    stage.key = digest(stage.key, request.target, from.key)
    stage.pending.push(async () => {
      await materialise(from)
      const origin = { directory: from.root, entries: await readTree(from.root, session.signal) }
      await write(
        request,
        origin,
        findSources(origin, request.keyword, request.sources, request.target),
        stage,
        session,
      )
    })
    return
  }
  const { context, signal } = session
  const found = findSources(context, request.keyword, request.sources, request.target)
  stage.key = digest(
    stage.key,
    request.target,
    JSON.stringify(request.files),
    await digestOf(context, itemsOf(context, found, true), signal),
  )
  stage.pending.push(() => write(request, context, found, stage, session))
}

function readRequest(planned: PlannedInstruction, stage: Stage): Request {
  const { keyword, files } = planned
  const sources = wordsOf(planned)
  const target = sources.pop() ?? ''
  const remote = sources.find((source) => /^(https?|git|ssh):\/\/|^git@/.test(source))
  if (remote !== undefined) {
    const message = `The process runtime can't ${keyword} ${remote}; download it in a RUN step.`
    throw new BuildFailed('build', message)
  }
  const path = posix.resolve('/', stage.config.workdir, target)
  const directory = /(^|\/)\.{0,2}$/.test(target) && path !== '/'
  return { keyword, sources, target: directory ? `${path}/` : path, mode: modeOf(planned), files }
}

async function write(
  { keyword, target, mode, files }: Request,
  origin: CopyOrigin,
  found: ContextEntry[],
  { root }: Stage,
  { signal }: BuildSession,
): Promise<void> {
  const intoDirectory = target.endsWith('/') || isDirectory(insideRoot(root, target))
  // Only an archive that is named is unpacked, not one that lies in a directory.
  const archives =
    keyword === 'ADD' ? found.filter(({ kind, path }) => kind === 'file' && isArchive(path)) : []
  const plain = found.filter((entry) => !archives.includes(entry))
  const destination = posix.resolve('/', target)
  if (plain.length > 0) {
    await copyInto({ root, destination, mode }, origin, itemsOf(origin, plain, intoDirectory), signal)
  }
  for (const { path } of archives) await unpack(join(origin.directory, path), root, destination)
  for (const { name, content = '' } of files) {
    const path = insideRoot(root, intoDirectory ? posix.join(destination, name) : destination)
    if (!staysInside(root, path)) throw new BuildFailed('build', `${target} leads outside the image`)
    await mkdir(join(path, '..'), { recursive: true })
    await writeFile(path, content, { mode: mode ?? 0o644 })
  }
}

function sourceStage({ source, flags }: PlannedInstruction, session: BuildSession): Stage | undefined {
  const from = flags.find(({ name }) => name === 'from')?.value.written ?? ''
  if (from === '') return undefined
  const stage = source && session.stages.get(source)
  if (stage) return stage
  const message = `The process runtime can't COPY --from=${from}: only stages of this Dockerfile can be copied from. Use --runtime docker.`
  throw new BuildFailed('build', message)
}

const isArchive = (path: string): boolean => /\.(tar|tar\.gz|tgz)$/.test(path)

const isDirectory = (path: string): boolean =>
  statSync(path, { throwIfNoEntry: false })?.isDirectory() === true

/** As BuildKit: what is no octal number changes nothing. */
function modeOf({ flags }: PlannedInstruction): number | undefined {
  const text = flags.find(({ name }) => name === 'chmod')?.value.value ?? ''
  return /^[0-7]+$/.test(text) ? Number.parseInt(text, 8) & 0o7777 : undefined
}

async function unpack(archive: string, root: string, destination: string): Promise<void> {
  const target = insideRoot(root, destination)
  if (!staysInside(root, target))
    throw new BuildFailed('build', `ADD failed: ${destination} leads outside the image`)
  await mkdir(target, { recursive: true })
  const unzip = archive.endsWith('.tar') ? [] : [createGunzip()]
  await pipeline([createReadStream(archive), ...unzip, extract(target)])
}
