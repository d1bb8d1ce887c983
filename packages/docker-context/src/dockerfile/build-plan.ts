import type { Instruction } from './instruction.ts'
import type { Mount } from './mount.ts'

/** A text of the file and what it comes to. */
export interface Word {
  /** As the file has it. */
  written: string
  /** Expanded; undefined when it depends on something unknown: such a word is never checked and never refused. */
  value: string | undefined
}

/** A file that a heredoc of COPY or ADD holds. */
export interface InlineFile {
  name: string
  /** Expanded; undefined when it depends on something unknown. */
  content: string | undefined
}

export interface PlannedInstruction {
  instruction: Instruction
  keyword: string
  /** Of an ONBUILD trigger the line of the ONBUILD. */
  line: number
  /** Whether it is an ONBUILD trigger of the stage that this one is FROM. */
  isTrigger: boolean
  /**
   * The arguments, expanded as this instruction expands them. RUN, CMD, ENTRYPOINT, SHELL, HEALTHCHECK and ONBUILD expand nothing. COPY
   * and ADD: sources and then the target, without heredocs. EXPOSE: ports. ENV, LABEL: name and value by turns.
   */
  words: readonly Word[]
  flags: readonly { name: string; value: Word }[]
  /** Heredocs of COPY and ADD. */
  files: readonly InlineFile[]
  /** EXPOSE: `8080/tcp`, in the file's order; those that aren't known are left out. */
  ports: readonly string[]
  /** Mounts of RUN; `stage` is the one that `from` names. */
  mounts: readonly (Mount & { stage: PlannedStage | undefined })[]
  /** The stage that `COPY --from` names; undefined when it is an image's name, or isn't given. */
  source: PlannedStage | undefined
  /**
   * All variables, of ENV and ARG alike, as this instruction sees them and as the process of a RUN gets them. A name whose value isn't
   * known is there with undefined.
   */
  readonly env: ReadonlyMap<string, string | undefined>
  /** The arguments that this stage has declared before, with the values they got; undefined for none or an unknown one. */
  readonly args: ReadonlyMap<string, string | undefined>
}

export interface PlannedStage {
  index: number
  /** In lower case. */
  name: string | undefined
  /** Of its FROM. */
  line: number
  /** Its FROM as a builder prints it. */
  text: string
  image: Word
  /** The stage that it is FROM; undefined when it is FROM an image. */
  base: PlannedStage | undefined
  platform: Word | undefined
  /** Whether the result needs it. BuildKit neither runs nor checks the others. */
  needed: boolean
  /** ONBUILD triggers of the base stage come first. */
  instructions: readonly PlannedInstruction[]
  /** The image's variables at the stage's end: ENV's only. A name whose value isn't known is there with undefined. */
  env: ReadonlyMap<string, string | undefined>
  /** Whether {@link env} has all of them: it lacks those of a base image that isn't known. */
  envIsWhole: boolean
}

export interface BuildPlan {
  stages: readonly PlannedStage[]
  final: PlannedStage
}

export interface PlanOptions {
  /** The variables of a base image; undefined when they aren't known. `scratch` has none. */
  baseEnv?: (image: string) => Readonly<Record<string, string>> | undefined
  /** Values of `--build-arg`; one that isn't known is there with undefined. Without the option none is given. */
  buildArgs?: Readonly<Record<string, string | undefined>>
  /** `linux/amd64`: what is built for and on. Without it TARGETARCH and the like are unknown. */
  platform?: string
  /** A stage's name; the last one without it. */
  target?: string
}
