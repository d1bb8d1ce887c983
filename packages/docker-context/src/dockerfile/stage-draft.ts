import type { PlannedInstruction, PlannedStage } from './build-plan.ts'
import type { Scope, Value } from './scope.ts'

/** A stage while it is planned. */
export interface StageDraft {
  stage: {
    -readonly [Key in keyof PlannedStage]: PlannedStage[Key]
  } & { instructions: PlannedInstruction[] }
  base: StageDraft | undefined
  /** What BuildKit calls it in messages. */
  label: string
  /** What instructions see: ENV and ARG. */
  scope: Scope
  /** What the image has: ENV only. */
  container: Scope
  args: Scope
  /** Undefined when the base image decides. */
  workdir: string | undefined
  triggers: { text: string; line: number }[]
  sources: Source[]
  /** Whether it was planned, so that others may copy from it. */
  isDone: boolean
}

/** What COPY and RUN take files from: a stage, or an image that BuildKit then handles like a stage without a name. */
export interface Source {
  image: string
  line: number
  draft: StageDraft | undefined
}

/** What an instruction is planned with, the same for all of a file. */
export interface PlanContext {
  escape: string
  newerFlags: boolean
  buildArgs: Readonly<Record<string, Value>>
  /** Arguments before the first FROM and those that tell the platform; `isSet` is false for `ARG NAME` without a value. */
  globals: ReadonlyMap<string, { isSet: boolean; value: Value }>
  /** All that `--from` may name by number. */
  sources: Source[]
  byName: Map<string, Source>
}
