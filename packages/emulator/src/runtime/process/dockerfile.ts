import { DockerfileParser } from 'dockerfile-ast'
import { BuildFailed } from '../runtime.ts'

/** One instruction of a Dockerfile, its continued lines joined and its comments removed. */
export interface Instruction {
  /** In upper case: `RUN`. */
  keyword: string
  /** The leading `--name=value` options; `true` for one without a value. */
  flags: Record<string, string | true>
  /** All that follows the keyword and its flags. */
  args: string
  /** The exec form's strings; undefined in the shell form. */
  json: string[] | undefined
  /** The whole instruction on one line, as a builder prints it. */
  text: string
  /** Counted from 1. */
  line: number
}

export interface Dockerfile {
  instructions: Instruction[]
  /** `\`, or what the `escape` directive says. */
  escape: string
}

const KNOWN = new Set(
  'ADD ARG CMD COPY ENTRYPOINT ENV EXPOSE FROM HEALTHCHECK LABEL MAINTAINER ONBUILD RUN SHELL STOPSIGNAL USER VOLUME WORKDIR'.split(
    ' ',
  ),
)

/** Reads a Dockerfile. Throws {@link BuildFailed} in the words of the real builder when it isn't one. */
export function parseDockerfile(content: string): Dockerfile {
  const ast = DockerfileParser.parse(content.replace(/^\uFEFF/, ''))
  const escape = ast.getEscapeCharacter()
  const instructions = ast.getInstructions().map((node) => {
    const line = (node.getRange()?.start.line ?? 0) + 1
    return readInstruction(foldLines(node.getTextContent(), escape), line)
  })
  if (instructions.length === 0) throw new BuildFailed('build', 'the Dockerfile (Dockerfile) cannot be empty')
  for (const instruction of instructions) check(instruction)
  return { instructions, escape }
}

function check({ keyword, args, line }: Instruction): void {
  const at = `dockerfile parse error line ${line}: `
  if (!KNOWN.has(keyword)) throw new BuildFailed('build', `${at}unknown instruction: ${keyword}`)
  if (args === '') throw new BuildFailed('build', `${at}${keyword} requires at least one argument`)
  if (/^(RUN|COPY|ADD)$/.test(keyword) && /(^|\s)<<-?["']?[A-Za-z_]/.test(args)) {
    throw new BuildFailed('build', `${at}here-documents need BuildKit; write the commands with && instead`)
  }
}

/** Joins continued lines. A comment or an empty line between them is dropped, as the real builder does. */
function foldLines(text: string, escape: string): string {
  let folded = ''
  for (const [index, raw] of text.split(/\r?\n/).entries()) {
    if (index > 0 && /^\s*(#|$)/.test(raw)) continue
    const trimmed = raw.replace(/\s+$/, '')
    folded += trimmed.endsWith(escape) ? trimmed.slice(0, -1) : trimmed
  }
  return folded.trim()
}

function readInstruction(text: string, line: number): Instruction {
  const keyword = /^\S+/.exec(text)?.[0] ?? ''
  let args = text.slice(keyword.length).trim()
  const flags: Record<string, string | true> = {}
  for (;;) {
    const flag = /^--([a-z][a-z-]*)(?:=(\S*))?(?:\s+|$)/.exec(args)
    if (!flag) break
    flags[flag[1] ?? ''] = flag[2] ?? true
    args = args.slice(flag[0].length)
  }
  return { keyword: keyword.toUpperCase(), flags, args, json: readJson(args), text, line }
}

function readJson(args: string): string[] | undefined {
  if (!args.startsWith('[')) return undefined
  try {
    const value: unknown = JSON.parse(args)
    if (Array.isArray(value) && value.every((item) => typeof item === 'string')) return value
    return undefined
  } catch (error) {
    // Docker runs `["a"` and `['a']` as a shell's text too: the form is decided by whether it is valid JSON.
    if (error instanceof SyntaxError) return undefined
    throw error
  }
}
