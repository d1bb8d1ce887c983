import {
  DockerfileError,
  isNodeImage,
  parseDockerfile,
  planBuild,
  type BuildPlan,
  type PlannedInstruction,
  type PlannedStage,
} from '@lucree/docker-context'
import { chainOf } from './pulled-images.ts'

type TextOf = (path: string) => string | undefined

/** What a Dockerfile says of the image that comes out of it. */
export interface FinalImage {
  /** Images that the result needs, as far as their names are known: what its stages are FROM, and what they copy from. */
  needs: string[]
  /**
   * The shell that starts the application and hands no variables on whose names are no identifiers: `Dockerfile:7: CMD in shell form`. Undefined when
   * there is none, or it isn't known.
   */
  shell: string | undefined
}

/** `textOf` reads the bundle's files, for scripts that start the application. */
export function imageOf(plan: BuildPlan, textOf: TextOf): FinalImage {
  return { needs: neededImages(plan), shell: shellOf(plan.final, textOf) }
}

/** The same of a Dockerfile's text; undefined where there is nothing that a builder would take. */
export function finalImageOf(dockerfile: string, textOf: TextOf): FinalImage | undefined {
  try {
    return imageOf(planBuild(parseDockerfile(dockerfile)), textOf)
  } catch (error) {
    if (error instanceof DockerfileError) return undefined
    throw error
  }
}

function neededImages({ stages }: BuildPlan): string[] {
  const names = stages
    .filter(({ needed }) => needed)
    .flatMap(({ base, image, instructions }) => [
      ...(base ? [] : [image.value]),
      ...instructions.filter(({ keyword }) => /^(COPY|ADD)$/.test(keyword)).map(copiedImage),
    ])
  return [...new Set(names.filter((name): name is string => name !== undefined && name !== ''))]
}

/** The image that `COPY --from` names, when it is none of the stages. */
function copiedImage({ flags, source }: PlannedInstruction): string | undefined {
  if (source) return undefined
  return flags.find(({ name }) => name === 'from')?.value.value
}

/** Dash and BusyBox's ash (run: 0.5.12 and 1.35); bash hands everything on. */
const DROPPING = /^(?:sh|dash|ash)$/
/** These start what follows them as it stands. */
const TRANSPARENT = /^(?:tini|dumb-init|docker-init)$/

function shellOf(stage: PlannedStage, textOf: TextOf): string | undefined {
  const stages = chainOf(stage)
  const chain = stages.flatMap(({ instructions }) => instructions)
  const entrypoint = chain.findLast(({ keyword }) => keyword === 'ENTRYPOINT')
  const image = stages[0]?.image.value
  if (!entrypoint && image !== undefined && isNodeImage(image))
    return `the entry point of ${image}, a script of sh`
  const command = chain.findLast(({ keyword }) => keyword === 'CMD')
  const [first, second] = [entrypoint, command].filter((one) => one !== undefined && !isEmpty(one))
  if (!first) return undefined
  const at = `Dockerfile:${first.line}: ${first.keyword}`
  const { json } = first.instruction
  if (!json) return DROPPING.test(shellBefore(first, chain)) ? `${at} in shell form` : undefined
  const [program = '', ...words] = started([...json, ...(second?.instruction.json ?? [])])
  return shellOfProgram(program, words, textOf).map((shell) => `${at} starts ${shell}`)[0]
}

/** `ENTRYPOINT []` takes away what was inherited. */
const isEmpty = ({ instruction: { json, args } }: PlannedInstruction): boolean =>
  json ? json.length === 0 : args.trim() === ''

/** What a shell form after these instructions is given to. */
function shellBefore(start: PlannedInstruction, chain: readonly PlannedInstruction[]): string {
  const before = chain.slice(0, chain.indexOf(start))
  return nameOf(before.findLast(({ keyword }) => keyword === 'SHELL')?.instruction.json?.[0] ?? '/bin/sh')
}

function started(words: readonly string[]): readonly string[] {
  const [program = '', ...rest] = words
  if (!TRANSPARENT.test(nameOf(program))) return words
  const next = rest.findIndex((word) => !word.startsWith('-'))
  return next < 0 ? [] : started(rest.slice(next))
}

function shellOfProgram(program: string, words: readonly string[], textOf: TextOf): string[] {
  const name = nameOf(program)
  if (DROPPING.test(name)) return [program]
  if (name === 'npm') return ['npm, which runs its scripts by sh']
  const interpreter = interpreterOf(scriptOf(program, textOf) ?? '')
  if (DROPPING.test(interpreter)) return [`${program}, a script of ${interpreter}`]
  // `bash start.sh` and `node server.js` are what they say.
  return name === 'env' && words[0] !== undefined ? shellOfProgram(words[0], words.slice(1), textOf) : []
}

function interpreterOf(script: string): string {
  const [, program = '', word = ''] = /^#!\s*(\S+)(?:\s+(\S+))?/.exec(script) ?? []
  return nameOf(nameOf(program) === 'env' ? word : program)
}

const nameOf = (program: string): string => program.slice(program.lastIndexOf('/') + 1)

/** The script of the bundle that is likely the one of this path in the image: of `/app/bin/start`, `bin/start` or `start`. */
function scriptOf(program: string, textOf: TextOf): string | undefined {
  const parts = program.split('/').filter((part) => part !== '' && part !== '.')
  return parts.map((_, index) => textOf(parts.slice(index).join('/'))).find((text) => text !== undefined)
}
