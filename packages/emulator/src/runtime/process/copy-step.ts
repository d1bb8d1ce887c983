import type { InlineFile, PlannedInstruction } from '@lucree/docker-context'
import { posix } from 'node:path'
import { readTree } from '../context.ts'
import { BuildFailed } from '../runtime.ts'
import { isArchive, unpack } from './archive.ts'
import { copySource, writeInto, type CopyTarget } from './copy.ts'
import { digestOf, findSources, type CopySource } from './copy-sources.ts'
import { SourceTree } from './source-tree.ts'
import { digest, materialise, wordsOf, type BuildSession, type Stage, type Step } from './stage.ts'

/** One COPY or ADD, read. */
interface Request {
  keyword: string
  sources: string[]
  /** The container's absolute path; ends with `/` when it can only be a directory. */
  destination: string
  mode: number | undefined
  /** Heredocs. */
  files: readonly InlineFile[]
}

/** COPY and ADD. `--chown` has no effect, as all files belong to the user of this machine; `--link` changes nothing that is seen. */
export const copy: Step = async (planned, stage, session) => {
  const request = readRequest(planned, stage)
  const { sources, destination, mode, files } = request
  const from = sourceStage(planned, session)
  if (from) {
    // What an earlier stage holds follows from its key, so its files needn't be read, or be there at all, before they are copied.
    stage.key = digest(stage.key, destination, from.key)
    stage.pending.push(async () => {
      await materialise(from)
      const entries = await readTree(from.root, session.signal)
      const tree = SourceTree.of({ directory: from.root, entries })
      const found = findAll(tree, sources)
      await write(request, tree, found, stage, session)
    })
    return
  }
  const tree = SourceTree.of(session.context)
  const found = findAll(tree, sources)
  const content = await digestOf(tree, found, session.signal)
  stage.key = digest(stage.key, destination, String(mode), JSON.stringify(files), content)
  stage.pending.push(() => write(request, tree, found, stage, session))
}

/** What all sources lead to, in their order. Of several that aren't there BuildKit nearly always names the last. */
const findAll = (tree: SourceTree, sources: string[]): CopySource[] =>
  sources
    .toReversed()
    .map((source) => findSources(tree, source))
    .toReversed()
    .flat()

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
  const directory = target === '' || target === '.' || target.endsWith('/')
  const destination = directory && path !== '/' ? `${path}/` : path
  return { keyword, sources, destination, mode: modeOf(planned), files }
}

async function write(
  { keyword, destination, mode, files }: Request,
  tree: SourceTree,
  found: CopySource[],
  { root }: Stage,
  { log, signal }: BuildSession,
): Promise<void> {
  const target: CopyTarget = { root, destination, mode }
  for (const source of found) {
    const place = tree.place(source.entry)
    // Only an archive that is named is unpacked, not one that lies in a directory.
    if (keyword === 'ADD' && source.entry.kind === 'file' && (await isArchive(place))) {
      await unpack(place, { root, destination, log }, signal)
    } else await copySource(source, tree, target, signal)
  }
  for (const { name, content = '' } of files) await writeInto(name, content, target)
}

function sourceStage({ source, flags }: PlannedInstruction, session: BuildSession): Stage | undefined {
  const from = flags.find(({ name }) => name === 'from')?.value.written ?? ''
  if (from === '') return undefined
  const stage = source && session.stages.get(source)
  if (stage) return stage
  const message = `The process runtime can't COPY --from=${from}: only stages of this Dockerfile can be copied from. Use --runtime docker.`
  throw new BuildFailed('build', message)
}

/** `--chmod` in octal. BuildKit of Docker 26.1.5 takes anything else, letters too, without a word and leaves the modes as they are. */
function modeOf({ flags }: PlannedInstruction): number | undefined {
  const text = flags.find(({ name }) => name === 'chmod')?.value.value ?? ''
  return /^[0-7]+$/.test(text) ? Number.parseInt(text, 8) & 0o7777 : undefined
}
