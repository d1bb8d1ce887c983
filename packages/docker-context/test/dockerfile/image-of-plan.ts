import type { BuildPlan, PlannedStage } from '../../src/index.ts'

/** What a plan says of the image, as `docker inspect` prints it. */
export interface PlannedImage {
  Env: string[]
  Ports: string[]
  Volumes: string[]
  WorkingDir: string
  User: string
  Cmd: readonly string[] | null
  Entrypoint: readonly string[] | null
  Labels: Record<string, string>
  StopSignal: string
  /** How many triggers the image has. */
  OnBuild: number
  Shell: readonly string[] | null
}

/** Follows a plan whose words are all known. */
export function imageOfPlan({ final }: BuildPlan): PlannedImage {
  const image: PlannedImage = {
    Env: Array.from(final.env, ([name, value]) => `${name}=${String(value)}`),
    Ports: [],
    Volumes: [],
    WorkingDir: '',
    User: '',
    Cmd: null,
    Entrypoint: null,
    Labels: {},
    StopSignal: '',
    OnBuild: 0,
    Shell: null,
  }
  for (const stage of lineOf(final)) follow(image, stage)
  return { ...image, Ports: sorted(image.Ports), Volumes: sorted(image.Volumes) }
}

const sorted = (words: string[]): string[] => [...new Set(words)].sort()

function lineOf(stage: PlannedStage): PlannedStage[] {
  return [...(stage.base ? lineOf(stage.base) : []), stage]
}

function follow(image: PlannedImage, { instructions }: PlannedStage): void {
  let hasCommand = false
  image.OnBuild = 0
  for (const { keyword, instruction, ports, words: planned } of instructions) {
    const words = planned.map(({ value }) => String(value))
    const [first = ''] = words
    const command = instruction.json ?? [...(image.Shell ?? ['/bin/sh', '-c']), instruction.args]
    if (keyword === 'EXPOSE') image.Ports.push(...ports)
    if (keyword === 'VOLUME') image.Volumes.push(...words)
    if (keyword === 'USER') image.User = first
    if (keyword === 'STOPSIGNAL') image.StopSignal = first
    if (keyword === 'WORKDIR') image.WorkingDir = workdir(image.WorkingDir, first)
    if (keyword === 'LABEL')
      words.forEach((word, at) => at % 2 === 0 && (image.Labels[word] = words[at + 1] ?? ''))
    if (keyword === 'SHELL') image.Shell = instruction.json ?? null
    if (keyword === 'ONBUILD') image.OnBuild++
    if (keyword === 'CMD') [image.Cmd, hasCommand] = [command, true]
    if (keyword === 'ENTRYPOINT') [image.Entrypoint, image.Cmd] = [command, hasCommand ? image.Cmd : null]
  }
}

/** An absolute one stays as it is written. */
function workdir(before: string, path: string): string {
  if (path.startsWith('/')) return path
  const parts: string[] = []
  for (const part of `${before}/${path}`.split('/')) {
    if (part === '..') parts.pop()
    else if (part !== '' && part !== '.') parts.push(part)
  }
  return `/${parts.join('/')}`
}
