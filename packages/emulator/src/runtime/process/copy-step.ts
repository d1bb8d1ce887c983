import { createReadStream, statSync } from 'node:fs'
import { mkdir } from 'node:fs/promises'
import { join, posix } from 'node:path'
import { pipeline } from 'node:stream/promises'
import { createGunzip } from 'node:zlib'
import { extract } from 'tar-fs'
import { readTree, type ContextEntry } from '../context.ts'
import { BuildFailed } from '../runtime.ts'
import { copyInto, digestOf, findSources, itemsOf, type CopyOrigin } from './copy.ts'
import type { Instruction } from './dockerfile.ts'
import { expandWord } from './expand.ts'
import { insideRoot, staysInside } from './paths.ts'
import { digest, listOf, lookupIn, materialise, type BuildSession, type Stage, type Step } from './stage.ts'

/** One COPY or ADD, read. */
interface Request {
  keyword: string
  sources: string[]
  /** The container's absolute path; ends with `/` when it can only be a directory. */
  target: string
  mode: number | undefined
}

/** COPY and ADD. `--chown` has no effect, as all files belong to the user of this machine; `--link` changes nothing that is seen. */
export const copy: Step = async (instruction, stage, session) => {
  const request = readRequest(instruction, stage, session)
  const from = sourceStage(instruction, stage, session)
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
    await digestOf(context, itemsOf(context, found, true), signal),
  )
  stage.pending.push(() => write(request, context, found, stage, session))
}

function readRequest(instruction: Instruction, stage: Stage, session: BuildSession): Request {
  const { keyword } = instruction
  const sources = listOf(instruction, stage, session)
  const target = sources.pop()
  if (target === undefined || sources.length === 0) {
    throw new BuildFailed('build', `${keyword} requires at least two arguments, but only one was provided.`)
  }
  const remote = sources.find((source) => /^(https?|git|ssh):\/\/|^git@/.test(source))
  if (remote !== undefined) {
    const message = `The process runtime can't ${keyword} ${remote}; download it in a RUN step.`
    throw new BuildFailed('build', message)
  }
  const path = posix.resolve('/', stage.config.workdir, target)
  const directory = /(^|\/)\.{0,2}$/.test(target) && path !== '/'
  return { keyword, sources, target: directory ? `${path}/` : path, mode: modeOf(instruction) }
}

async function write(
  { keyword, target, mode }: Request,
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
}

function sourceStage({ flags }: Instruction, stage: Stage, session: BuildSession): Stage | undefined {
  if (typeof flags.from !== 'string') return undefined
  const name = expandWord(flags.from, lookupIn(stage), session.escape)
  const from = findStage(name, session)
  if (from && from !== stage) return from
  const message = `The process runtime can't COPY --from=${name}: only stages of this Dockerfile can be copied from. Use --runtime docker.`
  throw new BuildFailed('build', message)
}

/** A finished stage by its name (in any case) or number. */
export function findStage(name: string, session: BuildSession): Stage | undefined {
  const byName = session.stages.find((stage) => stage.name?.toLowerCase() === name.toLowerCase())
  return byName ?? (/^\d+$/.test(name) ? session.stages[Number(name)] : undefined)
}

const isArchive = (path: string): boolean => /\.(tar|tar\.gz|tgz)$/.test(path)

const isDirectory = (path: string): boolean =>
  statSync(path, { throwIfNoEntry: false })?.isDirectory() === true

function modeOf({ flags }: Instruction): number | undefined {
  if (flags.chmod === undefined) return undefined
  const text = String(flags.chmod)
  if (/^[0-7]{3,4}$/.test(text)) return Number.parseInt(text, 8)
  throw new BuildFailed(
    'build',
    `invalid chmod parameter: '${text}'. it should be octal string and between 0 and 07777`,
  )
}

async function unpack(archive: string, root: string, destination: string): Promise<void> {
  const target = insideRoot(root, destination)
  if (!staysInside(root, target))
    throw new BuildFailed('build', `ADD failed: ${destination} leads outside the image`)
  await mkdir(target, { recursive: true })
  const unzip = archive.endsWith('.tar') ? [] : [createGunzip()]
  await pipeline([createReadStream(archive), ...unzip, extract(target)])
}
