import { mkdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { readContext } from '../context.ts'
import { BuildFailed } from '../runtime.ts'
import { isNodeImage, refuseBase, versionWarning } from './base-image.ts'
import { findStage } from './copy-step.ts'
import { parseDockerfile, type Dockerfile, type Instruction } from './dockerfile.ts'
import { expandWord, splitWords } from './expand.ts'
import { nodeBaseConfig, configOf, rootOf, type ImageConfig } from './image.ts'
import { copyTree } from './layers.ts'
import { digest, materialise, type BuildSession, type Stage } from './stage.ts'
import { applyStep, readArgs } from './steps.ts'

/** What a build needs from its runtime; the rest of a {@link BuildSession} comes from the Dockerfile. */
export interface BuildRequest extends Omit<BuildSession, 'escape' | 'context' | 'stages' | 'globalArgs'> {
  sourceDir: string
  /** An empty directory: each stage gets one of its own in it. */
  workDir: string
}

/**
 * Follows a Dockerfile and leaves the last stage in its directory, which it answers: `root/` is the file system, `image.json` the
 * configuration. The output reads as that of the engine's classic builder. Throws {@link BuildFailed}.
 */
export async function buildImage(
  request: BuildRequest,
): Promise<{ directory: string; key: string; config: ImageConfig }> {
  const dockerfile = parseDockerfile(await readDockerfile(request.sourceDir))
  const session: BuildSession = {
    ...request,
    escape: dockerfile.escape,
    context: { directory: request.sourceDir, entries: await readContext(request.sourceDir, request.signal) },
    stages: [],
    globalArgs: {},
  }
  const stage = await followAll(dockerfile, session, request.workDir)
  await materialise(stage)
  const directory = stageDirectory(request.workDir, session.stages.indexOf(stage))
  await writeFile(configOf(directory), JSON.stringify(stage.config, null, 2), { mode: 0o600 })
  return { directory, key: stage.key, config: stage.config }
}

async function readDockerfile(sourceDir: string): Promise<string> {
  try {
    return await readFile(join(sourceDir, 'Dockerfile'), 'utf8')
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error
    throw new BuildFailed('build', 'Cannot locate specified Dockerfile: Dockerfile', { cause: error })
  }
}

async function followAll(
  { instructions }: Dockerfile,
  session: BuildSession,
  workDir: string,
): Promise<Stage> {
  let stage: Stage | undefined
  for (const [index, instruction] of instructions.entries()) {
    session.signal.throwIfAborted()
    session.log(`Step ${index + 1}/${instructions.length} : ${instruction.text}`)
    if (instruction.keyword === 'FROM') {
      stage = beginStage(instruction, session, stageDirectory(workDir, session.stages.length))
      session.stages.push(stage)
    } else if (stage) {
      stage.key = digest(stage.key, instruction.text)
      await applyStep(instruction, stage, session)
    } else if (instruction.keyword === 'ARG') declareGlobal(instruction, session)
    else throw new BuildFailed('build', 'no build stage in current context')
    if (stage) session.log(` ---> ${stage.key.slice(0, 12)}`)
  }
  if (!stage) throw new BuildFailed('build', 'no build stage in current context')
  return stage
}

const stageDirectory = (workDir: string, index: number): string => join(workDir, `stage-${index}`)

function declareGlobal({ args }: Instruction, session: BuildSession): void {
  for (const { name, value } of readArgs(args, (asked) => session.globalArgs[asked], session.escape)) {
    if (value !== undefined) session.globalArgs[name] = value
  }
}

function beginStage(instruction: Instruction, session: BuildSession, directory: string): Stage {
  const words = splitWords(instruction.args, session.escape)
  const named = words.length === 3 && words[1]?.toUpperCase() === 'AS'
  if (words.length !== 1 && !named) {
    const message = `dockerfile parse error line ${instruction.line}: FROM requires either one or three arguments`
    throw new BuildFailed('build', message)
  }
  const image = expandWord(words[0] ?? '', (name) => session.globalArgs[name], session.escape)
  if (image === '') throw new BuildFailed('build', `base name (${words[0] ?? ''}) should not be blank`)
  const root = rootOf(directory)
  const parent = findStage(image, session)
  const beginning = parent ? continueStage(parent, root, session.signal) : nodeStage(image, root, session)
  return { name: words[2], root, args: {}, ownCommand: false, ...beginning }
}

type Beginning = Pick<Stage, 'config' | 'key' | 'pending'>

function continueStage(parent: Stage, root: string, signal: AbortSignal): Beginning {
  const copyParent = async () => {
    await materialise(parent)
    await copyTree(parent.root, root, signal)
  }
  return { config: structuredClone(parent.config), key: parent.key, pending: [copyParent] }
}

function nodeStage(image: string, root: string, session: BuildSession): Beginning {
  if (!isNodeImage(image)) throw refuseBase(image)
  const { version, platform, arch } = process
  session.log(
    ` ---> [lucree] no container engine: following this Dockerfile on this machine's Node ${version}`,
  )
  const warning = versionWarning(image, version)
  if (warning) session.log(warning)
  return {
    config: nodeBaseConfig(version.slice(1)),
    key: digest('node', version, platform, arch, image),
    pending: [() => makeStandard(root)],
  }
}

/** Directories that programs expect to find and that the Node image has. */
const STANDARD_DIRECTORIES =
  'bin etc home/node opt root srv tmp usr/local/bin usr/local/lib usr/src var/cache var/lib var/log var/tmp'

async function makeStandard(root: string): Promise<void> {
  for (const directory of STANDARD_DIRECTORIES.split(' ')) {
    await mkdir(join(root, directory), { recursive: true })
  }
}
