import { mkdir } from 'node:fs/promises'
import { posix } from 'node:path'
import { BuildFailed } from '../runtime.ts'
import { copy } from './copy-step.ts'
import type { Instruction } from './dockerfile.ts'
import { expandWord, ExpansionFailed, splitWords } from './expand.ts'
import { insideRoot } from './paths.ts'
import { run } from './run-step.ts'
import { listOf, lookupIn, wordsOf, type BuildSession, type Stage, type Step } from './stage.ts'

const arg: Step = async ({ args }, stage, session) => {
  for (const { name, value } of readArgs(args, lookupIn(stage), session.escape)) {
    const chosen = value ?? session.globalArgs[name]
    if (chosen !== undefined) stage.args[name] = chosen
  }
}

/** The names that ARG declares and their defaults; undefined for one without. */
export function readArgs(
  args: string,
  lookup: (name: string) => string | undefined,
  escape: string,
): { name: string; value: string | undefined }[] {
  return splitWords(args, escape).map((word) => {
    const at = word.indexOf('=')
    if (at < 0) return { name: word, value: undefined }
    return { name: word.slice(0, at), value: expandWord(word.slice(at + 1), lookup, escape) }
  })
}

const env: Step = async ({ args, line }, stage, session) => {
  const { escape } = session
  const first = splitWords(args, escape)[0] ?? ''
  const before = { ...stage, config: { ...stage.config, env: { ...stage.config.env } } }
  const expand = (text: string) => expandWord(text, lookupIn(before), escape)
  if (!first.includes('=')) {
    // The old form: one name, and all that follows is its value.
    const value = args.slice(first.length).trim()
    if (value === '')
      throw new BuildFailed('build', `dockerfile parse error line ${line}: ENV must have two arguments`)
    stage.config.env[expand(first)] = expand(value)
    return
  }
  for (const word of splitWords(args, escape)) {
    const at = word.indexOf('=')
    if (at < 1) {
      const message = `dockerfile parse error line ${line}: Syntax error - can't find = in "${word}". Must be of the form: name=value`
      throw new BuildFailed('build', message)
    }
    stage.config.env[expand(word.slice(0, at))] = expand(word.slice(at + 1))
  }
}

const workdir: Step = async ({ args }, stage, session) => {
  const path = expandWord(args, lookupIn(stage), session.escape)
  stage.config.workdir = posix.resolve('/', stage.config.workdir, path)
  makeLater(stage, stage.config.workdir)
}

function makeLater(stage: Stage, path: string): void {
  stage.pending.push(async () => {
    await mkdir(insideRoot(stage.root, path), { recursive: true })
  })
}

const expose: Step = async ({ args }, stage, session) => {
  for (const word of wordsOf(args, stage, session)) {
    const match = /^(\d{1,5})(?:-(\d{1,5}))?(?:\/(tcp|udp|sctp))?$/i.exec(word)
    if (!match) throw new BuildFailed('build', `Invalid containerPort: ${word}`)
    if (match[3] && match[3].toLowerCase() !== 'tcp') continue // the proxy forwards TCP only
    const first = Number(match[1])
    const last = Number(match[2] ?? match[1])
    if (first < 1 || last > 65_535 || last < first)
      throw new BuildFailed('build', `Invalid containerPort: ${word}`)
    for (let port = first; port <= last; port++) {
      if (!stage.config.exposedPorts.includes(port)) stage.config.exposedPorts.push(port)
    }
  }
}

const user: Step = async ({ args }, stage, session) => {
  stage.config.user = expandWord(args, lookupIn(stage), session.escape)
  session.log(` ---> [lucree] USER ${stage.config.user} is noted; processes run as the user of this machine`)
}

const volume: Step = async (instruction, stage, session) => {
  for (const path of listOf(instruction, stage, session)) {
    stage.config.volumes.push(path)
    makeLater(stage, path)
  }
}

const shell: Step = async ({ json, line }, stage) => {
  if (!json || json.length === 0) {
    throw new BuildFailed(
      'build',
      `dockerfile parse error line ${line}: SHELL requires the arguments to be in JSON form`,
    )
  }
  stage.config.shell = json
}

/** The exec form as it is, the shell form through the stage's shell. */
const commandOf = ({ json, args }: Instruction, stage: Stage): string[] =>
  json ?? [...stage.config.shell, args]

const cmd: Step = async (instruction, stage) => {
  stage.config.cmd = commandOf(instruction, stage)
  stage.ownCommand = true
}

const entrypoint: Step = async (instruction, stage) => {
  stage.config.entrypoint = commandOf(instruction, stage)
  // As the real builder: a CMD of the base image doesn't survive a new entry point; one of this stage does.
  if (!stage.ownCommand) stage.config.cmd = null
}

const stopSignal: Step = async ({ args }, stage, session) => {
  stage.config.stopSignal = expandWord(args, lookupIn(stage), session.escape)
}

const healthcheck: Step = async ({ args }, stage) => {
  stage.config.healthcheck = args.toUpperCase() === 'NONE' ? null : args
}

const nothing: Step = async () => undefined

const onbuild: Step = async (_instruction, _stage, session) => {
  session.log(' ---> [lucree] ONBUILD is noted; nothing is built from this image')
}

/** What each instruction does to a stage. FROM is not here: it begins one. */
export const steps: Record<string, Step> = {
  ADD: copy,
  ARG: arg,
  CMD: cmd,
  COPY: copy,
  ENTRYPOINT: entrypoint,
  ENV: env,
  EXPOSE: expose,
  HEALTHCHECK: healthcheck,
  LABEL: nothing,
  MAINTAINER: nothing,
  ONBUILD: onbuild,
  RUN: run,
  SHELL: shell,
  STOPSIGNAL: stopSignal,
  USER: user,
  VOLUME: volume,
  WORKDIR: workdir,
}

/** Applies one instruction to a stage. Throws {@link BuildFailed}. */
export async function applyStep(
  instruction: Instruction,
  stage: Stage,
  session: BuildSession,
): Promise<void> {
  const step = steps[instruction.keyword]
  if (!step) throw new BuildFailed('build', `unknown instruction: ${instruction.keyword}`)
  try {
    await step(instruction, stage, session)
  } catch (error) {
    // A variable that can't be expanded is the Dockerfile's fault too.
    if (error instanceof ExpansionFailed)
      throw new BuildFailed('build', `dockerfile parse error line ${instruction.line}: ${error.message}`)
    throw error
  }
}
