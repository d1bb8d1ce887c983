import type { Instruction, PlannedInstruction } from '@lucree/docker-context'
import { posix } from 'node:path'
import { BuildFailed } from '../runtime.ts'
import { copy } from './copy-step.ts'
import { makeDirectory } from './root-path.ts'
import { run } from './run-step.ts'
import { wordsOf, type BuildSession, type Stage, type Step } from './stage.ts'

const env: Step = async (planned, stage) => {
  const words = wordsOf(planned)
  for (let at = 0; at + 1 < words.length; at += 2) stage.config.env[words[at] ?? ''] = words[at + 1] ?? ''
}

const workdir: Step = async (planned, stage) => {
  const [path = ''] = wordsOf(planned)
  const { config } = stage
  // As BuildKit: an absolute path stays as it is written.
  config.workdir = path.startsWith('/') ? path : posix.resolve('/', config.workdir, path)
  // And so that `/a/../b` makes both.
  const parts = config.workdir.split('/')
  const made = parts.map((_, index) => parts.slice(0, index + 1).join('/'))
  stage.pending.push(async () => {
    for (const each of made) await makeDirectory(stage.root, each)
  })
}

const expose: Step = async ({ ports }, stage) => {
  const { config } = stage
  config.ports = [...new Set([...config.ports, ...ports])]
}

const user: Step = async (planned, stage, session) => {
  stage.config.user = wordsOf(planned)[0] ?? ''
  session.log(` ---> [lucree] USER ${stage.config.user} is noted; processes run as the user of this machine`)
}

/** A volume is made when a container starts: a step that writes there before finds no directory, as in BuildKit. */
const volume: Step = async (planned, stage) => {
  stage.config.volumes = [...new Set([...stage.config.volumes, ...wordsOf(planned)])]
}

const shell: Step = async ({ instruction }, stage) => {
  stage.config.shell = [...(instruction.json ?? [])]
}

/** The exec form as it is, the shell form through the stage's shell. */
const commandOf = ({ json, args }: Instruction, stage: Stage): string[] =>
  json ? [...json] : [...stage.config.shell, args]

const cmd: Step = async ({ instruction }, stage) => {
  stage.config.cmd = commandOf(instruction, stage)
  stage.ownCommand = true
}

const entrypoint: Step = async ({ instruction }, stage) => {
  stage.config.entrypoint = commandOf(instruction, stage)
  // As the real builder: a CMD of the base image doesn't survive a new entry point; one of this stage does.
  if (!stage.ownCommand) stage.config.cmd = null
}

const stopSignal: Step = async (planned, stage) => {
  stage.config.stopSignal = wordsOf(planned)[0] ?? ''
}

const healthcheck: Step = async ({ instruction }, stage) => {
  stage.config.healthcheck = instruction.words[0]?.toUpperCase() === 'NONE' ? null : instruction.args
}

const nothing: Step = async () => undefined

/** What each instruction does to a stage. FROM is not here: it begins one. ARG and ONBUILD are the plan's. */
const steps: Record<string, Step> = {
  ADD: copy,
  ARG: nothing,
  CMD: cmd,
  COPY: copy,
  ENTRYPOINT: entrypoint,
  ENV: env,
  EXPOSE: expose,
  HEALTHCHECK: healthcheck,
  LABEL: nothing,
  MAINTAINER: nothing,
  ONBUILD: nothing,
  RUN: run,
  SHELL: shell,
  STOPSIGNAL: stopSignal,
  USER: user,
  VOLUME: volume,
  WORKDIR: workdir,
}

/** Applies one instruction to a stage. Throws {@link BuildFailed}. */
export async function applyStep(
  planned: PlannedInstruction,
  stage: Stage,
  session: BuildSession,
): Promise<void> {
  const step = steps[planned.keyword]
  if (!step) throw new BuildFailed('build', `unknown instruction: ${planned.keyword}`)
  await step(planned, stage, session)
}
