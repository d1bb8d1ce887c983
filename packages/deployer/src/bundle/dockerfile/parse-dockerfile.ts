import { DockerfileParser, type Instruction } from 'dockerfile-ast'
import { expand, type Scope } from './expand.ts'

/** The parts of a Dockerfile that can be checked without building it. */
export interface Dockerfile {
  stages: DockerStage[]
  /** Line of a `# syntax=` directive. */
  syntaxLine: number | undefined
}

export interface DockerStage {
  name: string | undefined
  /** The earlier stage that it is built from; undefined when it begins with an image. */
  base: DockerStage | undefined
  /** The image that it begins with, as FROM names it; undefined for an earlier stage, or when the name isn't known before the build. */
  image: string | undefined
  /** Of FROM's `--platform`, such as `linux/arm64`. */
  platform: string | undefined
  instructions: DockerInstruction[]
}

export interface DockerInstruction {
  /** In upper case. */
  keyword: string
  /** From 1. */
  line: number
  /** Its arguments without flags, in order. */
  words: DockerWord[]
  /** Such as `--from=build`. */
  flags: string[]
  heredoc: boolean
}

export interface DockerWord {
  written: string
  /** With variables put in; undefined when one is known to the base image alone. */
  value: string | undefined
}

/** What dockerfile-ast gives of the instructions that take flags or heredocs; their classes aren't exported. */
type Extended = Pick<Instruction, 'getKeyword' | 'getRange' | 'getArguments' | 'getArgumentsContent'> & {
  getFlags?(): { toString(): string }[]
  getHeredocs?(): unknown[]
  getProperties?(): { getName(): string; getValue(): string | null }[]
  getProperty?(): { getName(): string; getValue(): string | null } | null
  getBuildStage?(): string | null
  getImage?(): string | null
}

export function parseDockerfile(text: string): Dockerfile {
  const document = DockerfileParser.parse(text)
  const stages: DockerStage[] = []
  const global: Scope = new Map()
  const scopes = new Map<DockerStage, Scope>()
  for (const instruction of document.getInstructions() as unknown as Extended[]) {
    const stage = stages.at(-1)
    if (instruction.getKeyword() === 'FROM') {
      const next = beginStage(instruction, stages, global)
      scopes.set(next, new Map(next.base && scopes.get(next.base)))
      stages.push(next)
    } else if (stage) {
      const scope = scopes.get(stage) as Scope
      stage.instructions.push(readInstruction(instruction, scope))
      declare(instruction, scope, global)
    } else declare(instruction, global, global)
  }
  const syntax = document.getDirectives().find((directive) => directive.getName().toLowerCase() === 'syntax')
  return { stages, syntaxLine: syntax && syntax.getRange().start.line + 1 }
}

function beginStage(from: Extended, stages: DockerStage[], global: Scope): DockerStage {
  const written = expand(from.getImage?.() ?? '', global)
  const base = stages.findLast((stage) => stage.name !== undefined && stage.name === written?.toLowerCase())
  const flags = (from.getFlags?.() ?? []).map(String)
  const platform = flags.flatMap((flag) => /^--platform=(.+)$/.exec(flag)?.[1] ?? [])[0]
  return {
    name: from.getBuildStage?.()?.toLowerCase(),
    base,
    image: base ? undefined : written || undefined,
    platform: platform && expand(platform, global),
    instructions: [],
  }
}

function readInstruction(instruction: Extended, scope: Scope): DockerInstruction {
  const heredoc = (instruction.getHeredocs?.() ?? []).length > 0
  return {
    keyword: instruction.getKeyword(),
    line: instruction.getRange().start.line + 1,
    words: wordsOf(instruction, heredoc).map((written) => ({ written, value: expand(written, scope) })),
    flags: (instruction.getFlags?.() ?? []).map(String),
    heredoc,
  }
}

function wordsOf(instruction: Extended, heredoc: boolean): string[] {
  const words = instruction.getArguments()
  const first = words[0]?.getValue() ?? ''
  if (first.startsWith('[')) {
    const written = instruction.getArgumentsContent() ?? ''
    const listed = jsonWords(written.slice(written.indexOf('[')))
    if (listed) return listed
  }
  // What follows a heredoc's first line is its text.
  const line = words.find((word) => word.getValue().startsWith('<<'))?.getRange().start.line
  return words
    .filter((word) => !heredoc || word.getRange().start.line <= (line ?? 0))
    .map((word) => word.getValue())
}

/** The exec form; docker falls back to words when it isn't valid JSON. */
function jsonWords(written: string): string[] | undefined {
  try {
    const listed: unknown = JSON.parse(written)
    return Array.isArray(listed) && listed.every((word) => typeof word === 'string') ? listed : undefined
  } catch (error) {
    if (error instanceof SyntaxError) return undefined
    throw error
  }
}

/** An ARG without a default has the one of an ARG before the first FROM, or is empty: Beanstalk gives no build arguments. */
function declare(instruction: Extended, scope: Scope, global: Scope): void {
  if (instruction.getKeyword() === 'ARG') {
    const property = instruction.getProperty?.()
    if (!property || scope.get(property.getName())?.from === 'ENV') return
    const value = property.getValue()
    const given = value === null ? global.get(property.getName())?.value : expand(value, scope)
    scope.set(property.getName(), { from: 'ARG', value: given ?? '' })
  }
  if (instruction.getKeyword() === 'ENV') {
    const before: Scope = new Map(scope)
    for (const property of instruction.getProperties?.() ?? []) {
      scope.set(property.getName(), { from: 'ENV', value: expand(property.getValue() ?? '', before) })
    }
  }
}
