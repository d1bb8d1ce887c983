import { createHash } from 'node:crypto'
import type { Clock } from '../../clock.ts'
import type { CopyOrigin } from './copy.ts'
import type { Instruction } from './dockerfile.ts'
import { expandWord, splitWords } from './expand.ts'
import type { ImageConfig } from './image.ts'
import type { Layers } from './layers.ts'

/** What all stages of a build share. */
export interface BuildSession {
  escape: string
  context: CopyOrigin
  stages: Stage[]
  /** ARGs before the first FROM. */
  globalArgs: Record<string, string>
  layers: Layers
  /** Directory of stand-ins for programs that a RUN step must not reach. */
  shims: string
  /** Variables of this machine that RUN steps need to reach registries; they never become part of the image. */
  buildEnv: Record<string, string>
  npmCache: string
  clock: Clock
  log: (line: string) => void
  signal: AbortSignal
  /** Remembers a running step, so that a later server can end it; called with undefined when the step is over. */
  remember: (pid: number | undefined) => Promise<void>
}

/** One stage while it is being built. */
export interface Stage {
  name: string | undefined
  root: string
  config: ImageConfig
  /** ARGs declared in this stage that have a value. */
  args: Record<string, string>
  /** Whether this stage has had a CMD of its own. */
  ownCommand: boolean
  /** Digest of all that led to the present file system and configuration. */
  key: string
  /**
   * What is still to be done to the file system. Steps put it off, because a later RUN may turn out to be kept from an earlier build:
   * then its result replaces all of this.
   */
  pending: (() => Promise<void>)[]
}

/** Does what was put off, so that the stage's file system is what its key says. */
export async function materialise(stage: Stage): Promise<void> {
  for (let work = stage.pending.shift(); work; work = stage.pending.shift()) await work()
}

export type Step = (instruction: Instruction, stage: Stage, session: BuildSession) => Promise<void>

export function digest(...parts: string[]): string {
  const hash = createHash('sha256')
  for (const part of parts) hash.update(`${part.length}:${part}`)
  return hash.digest('hex')
}

/** A variable as an instruction sees it: ENV goes before ARG. */
export const lookupIn = (stage: Stage) => (name: string) => stage.config.env[name] ?? stage.args[name]

/** The words of an instruction, expanded, without quotes. */
export function wordsOf(text: string, stage: Stage, session: BuildSession): string[] {
  return splitWords(text, session.escape).map((word) => expandWord(word, lookupIn(stage), session.escape))
}

/** The exec form's strings or the shell form's words, expanded. */
export function listOf(instruction: Instruction, stage: Stage, session: BuildSession): string[] {
  const { json } = instruction
  if (!json) return wordsOf(instruction.args, stage, session)
  return json.map((word) => expandWord(word, lookupIn(stage), session.escape))
}
