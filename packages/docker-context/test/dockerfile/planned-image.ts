import { posix } from 'node:path'
import {
  DockerfileError,
  parseDockerfile,
  planBuild,
  type PlannedInstruction,
  type PlannedStage,
} from '../../src/index.ts'
import { type Refusal } from '../builder/builder.ts'
import { type ImageConfig } from '../builder/engine-api.ts'

/** What of an image's configuration a Dockerfile alone decides. */
export interface ImageWords {
  env: string[]
  labels: Record<string, string>
  ports: string[]
  volumes: string[]
  user: string
  workdir: string
  stopSignal: string
  cmd: string[]
  entrypoint: string[]
}

export const wordsOfImage = (config: ImageConfig): ImageWords => ({
  env: config.Env ?? [],
  labels: config.Labels ?? {},
  ports: Object.keys(config.ExposedPorts ?? {}).sort(),
  volumes: Object.keys(config.Volumes ?? {}).sort(),
  user: config.User ?? '',
  workdir: config.WorkingDir ?? '',
  stopSignal: config.StopSignal ?? '',
  cmd: config.Cmd ?? [],
  entrypoint: config.Entrypoint ?? [],
})

const DEFAULT_PATH = '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin'

/** What the library says of the image that a Dockerfile on `scratch` makes. */
export function plannedImage(text: string): ImageWords | Refusal {
  try {
    return imageOf(planBuild(parseDockerfile(text), { platform: 'linux/amd64', buildArgs: {} }).final)
  } catch (error) {
    if (error instanceof DockerfileError) return { refused: error.message }
    throw error
  }
}

interface Draft {
  image: ImageWords
  shell: string[]
  /** Whether this stage has said CMD: an ENTRYPOINT takes an inherited one away. */
  hasCmd: boolean
}

const scratch = (): ImageWords => ({
  env: [],
  labels: {},
  ports: [],
  volumes: [],
  user: '',
  workdir: '/',
  stopSignal: '',
  cmd: [],
  entrypoint: [],
})

function imageOf(stage: PlannedStage): ImageWords {
  const { image } = draftOf(stage)
  const values = Array.from(stage.env, ([name, value]) => `${name}=${value ?? '(unknown)'}`)
  return { ...image, env: stage.env.has('PATH') ? values : [`PATH=${DEFAULT_PATH}`, ...values] }
}

function draftOf({ base, instructions }: PlannedStage): Draft {
  const draft = base
    ? { ...draftOf(base), hasCmd: false }
    : { image: scratch(), shell: ['/bin/sh', '-c'], hasCmd: false }
  for (const each of instructions) apply(each, draft)
  return draft
}

/** What one instruction changes, as BuildKit's `dockerfile2llb` writes it into the image. */
function apply({ keyword, words, ports, instruction }: PlannedInstruction, draft: Draft): void {
  const { image } = draft
  const values = words.map(({ value }) => value ?? '(unknown)')
  const [value = ''] = values
  const line = () => instruction.json ?? [...draft.shell, instruction.args]
  switch (keyword) {
    case 'LABEL':
      for (let at = 0; at + 1 < values.length; at += 2) image.labels[values[at] ?? ''] = values[at + 1] ?? ''
      break
    case 'EXPOSE':
      image.ports = [...new Set([...image.ports, ...ports])].sort()
      break
    case 'VOLUME':
      image.volumes = [...new Set([...image.volumes, ...values])].sort()
      break
    case 'USER':
      image.user = value
      break
    case 'WORKDIR':
      image.workdir = value.startsWith('/') ? value : posix.resolve('/', image.workdir, value)
      break
    case 'STOPSIGNAL':
      image.stopSignal = value
      break
    case 'SHELL':
      draft.shell = [...(instruction.json ?? [])]
      break
    case 'CMD':
      image.cmd = [...line()]
      draft.hasCmd = true
      break
    case 'ENTRYPOINT':
      image.entrypoint = [...line()]
      if (!draft.hasCmd) image.cmd = []
      break
  }
}
