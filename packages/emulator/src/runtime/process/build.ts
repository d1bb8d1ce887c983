import {
  DockerfileError,
  isNodeImage,
  parseDockerfile,
  planBuild,
  type BuildPlan,
  type PlannedStage,
} from '@lucree/docker-context'
import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { readContextFile } from '../context-file.ts'
import { readContext } from '../context.ts'
import { BuildFailed } from '../runtime.ts'
import { refuseBase, versionWarning } from './base-image.ts'
import { nodeBaseConfig, configOf, rootOf, type ImageConfig } from './image.ts'
import { copyTree } from './layers.ts'
import { digest, materialise, type BuildSession, type Stage } from './stage.ts'
import { applyStep } from './steps.ts'

/** What a build needs from its runtime; the rest of a {@link BuildSession} comes from the Dockerfile. */
export interface BuildRequest extends Omit<BuildSession, 'context' | 'stages'> {
  sourceDir: string
  /** An empty directory: each stage gets one of its own in it. */
  workDir: string
}

/**
 * Follows a Dockerfile as BuildKit does, with the stages that the last one needs, and leaves that in its directory, which it answers:
 * `root/` is the file system, `image.json` the configuration. Throws {@link BuildFailed} in BuildKit's words.
 */
export async function buildImage(
  request: BuildRequest,
): Promise<{ directory: string; key: string; config: ImageConfig }> {
  const plan = readPlan(await readDockerfile(request.sourceDir))
  refuseOtherBases(plan)
  const session: BuildSession = {
    ...request,
    context: { directory: request.sourceDir, entries: await readContext(request.sourceDir, request.signal) },
    stages: new Map(),
  }
  const stage = await followAll(plan, session, request.workDir)
  await materialise(stage)
  const directory = stageDirectory(request.workDir, plan.final)
  await writeFile(configOf(directory), JSON.stringify(stage.config, null, 2), { mode: 0o600 })
  return { directory, key: stage.key, config: stage.config }
}

async function readDockerfile(sourceDir: string): Promise<string> {
  const found = await readContextFile(sourceDir, 'Dockerfile')
  if (found.kind === 'file') return found.text
  throw new BuildFailed('build', 'failed to read dockerfile: open Dockerfile: no such file or directory')
}

const HOST_VERSION = process.version.slice(1)

function readPlan(text: string): BuildPlan {
  try {
    const baseEnv = (image: string) => (isNodeImage(image) ? nodeBaseConfig(HOST_VERSION).env : undefined)
    const architecture = process.arch === 'x64' ? 'amd64' : process.arch
    return planBuild(parseDockerfile(text), { baseEnv, platform: `linux/${architecture}` })
  } catch (error) {
    if (error instanceof DockerfileError) throw new BuildFailed('build', error.message, { cause: error })
    throw error
  }
}

/** Before anything runs, as an engine looks for all images first. */
function refuseOtherBases({ stages }: BuildPlan): void {
  for (const { needed, base, image } of stages) {
    const name = image.value ?? image.written
    if (needed && !base && !isNodeImage(name)) throw refuseBase(name)
  }
}

async function followAll(plan: BuildPlan, session: BuildSession, workDir: string): Promise<Stage> {
  const needed = plan.stages.filter((stage) => stage.needed)
  const total = needed.reduce((sum, { instructions }) => sum + 1 + instructions.length, 0)
  let count = 0
  const announce = (text: string) => {
    session.signal.throwIfAborted()
    session.log(`Step ${++count}/${total} : ${text}`)
  }
  let last: Stage | undefined
  for (const planned of needed) {
    announce(planned.text)
    const stage = beginStage(planned, session, stageDirectory(workDir, planned))
    session.stages.set(planned, stage)
    for (const each of planned.instructions) {
      announce(each.instruction.text)
      stage.key = digest(stage.key, each.instruction.text)
      await applyStep(each, stage, session)
      session.log(` ---> ${stage.key.slice(0, 12)}`)
    }
    last = stage
  }
  if (!last) throw new BuildFailed('build', 'no build stage in current context')
  return last
}

const stageDirectory = (workDir: string, { index }: PlannedStage): string => join(workDir, `stage-${index}`)

function beginStage({ base, image }: PlannedStage, session: BuildSession, directory: string): Stage {
  const root = rootOf(directory)
  const parent = base && session.stages.get(base)
  const beginning = parent
    ? continueStage(parent, root, session.signal)
    : nodeStage(image.value ?? image.written, root, session)
  return { root, ownCommand: false, ...beginning }
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
  const { version, platform, arch } = process
  session.log(
    ` ---> [lucree] no container engine: following this Dockerfile on this machine's Node ${version}`,
  )
  const warning = versionWarning(image, version)
  if (warning) session.log(warning)
  return {
    config: nodeBaseConfig(HOST_VERSION),
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
