import type { PlannedInstruction, PlannedStage } from '@lucree/docker-context'
import { createHash } from 'node:crypto'
import type { Clock } from '../../clock.ts'
import type { ImageConfig } from './image.ts'
import type { Layers } from './layers.ts'
import type { CopyOrigin } from './source-tree.ts'

/** What all stages of a build share. */
export interface BuildSession {
  context: CopyOrigin
  /** Those that were begun. */
  stages: Map<PlannedStage, Stage>
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
  root: string
  config: ImageConfig
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

export type Step = (planned: PlannedInstruction, stage: Stage, session: BuildSession) => Promise<void>

export function digest(...parts: string[]): string {
  const hash = createHash('sha256')
  for (const part of parts) hash.update(`${part.length}:${part}`)
  return hash.digest('hex')
}

/** The words of an instruction. A plan for this runtime knows all of them: it knows its base image and every argument. */
export const wordsOf = ({ words }: PlannedInstruction): string[] => words.map(({ value = '' }) => value)

/** The variables that an instruction sees, and the process of a RUN. */
export const variablesOf = ({ env }: PlannedInstruction): [string, string][] =>
  Array.from(env, ([name, value = '']) => [name, value])
