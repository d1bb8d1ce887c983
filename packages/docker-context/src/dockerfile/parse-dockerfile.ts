import { checkInstruction } from './check-instruction.ts'
import { findSyntax, readDirective } from './directives.ts'
import { DockerfileError } from './dockerfile-error.ts'
import { findHeredocs } from './heredoc.ts'
import type { Dockerfile, Heredoc, Instruction } from './instruction.ts'
import { LexError } from './lex-error.ts'
import { LineError } from './line-error.ts'
import { readInstruction } from './read-instruction.ts'
import { SourceLines, TOO_LONG, continued, isComment, isEmpty, withoutEnd } from './source-lines.ts'
import { trimLeft } from './blank.ts'

/**
 * Reads a Dockerfile as BuildKit of Docker 26.1.5 does and checks all that needs no variable's value: keywords, flags, numbers of
 * arguments. Throws {@link DockerfileError} in BuildKit's words. A file that names another frontend (`# syntax=`) may use flags that
 * are newer than these.
 */
export function parseDockerfile(text: string): Dockerfile {
  if (text === '') throw new DockerfileError('the Dockerfile cannot be empty', 0)
  const syntax = findSyntax(text)
  const reader = new Reader(text.replace(/^\uFEFF/, ''))
  const dockerfile = { ...reader.readAll(), syntax }
  checkAll(dockerfile.instructions, syntax !== undefined)
  return dockerfile
}

/** Reads the text of an ONBUILD trigger, which is a file of its own with one instruction; throws as {@link parseDockerfile}. */
export function parseTrigger(text: string): Instruction {
  const { instructions } = new Reader(text).readAll()
  const [instruction] = instructions
  if (!instruction || instructions.length > 1) {
    throw new DockerfileError('onbuild trigger should be a single expression', 1)
  }
  return instruction
}

class Reader {
  readonly #lines: SourceLines
  readonly #seen = new Set<string>()
  #directivesAreOver = false
  #escape = '\\'
  #warnings: { line: number; message: string }[] = []

  constructor(text: string) {
    this.#lines = new SourceLines(text)
  }

  readAll(): Omit<Dockerfile, 'syntax'> {
    const instructions: Instruction[] = []
    for (let raw = this.#lines.next(); raw !== undefined; raw = this.#lines.next()) {
      const line = trimLeft(withoutEnd(raw))
      this.#readDirective(line)
      if (line === '' || line.startsWith('#')) continue
      instructions.push(this.#readInstruction(line))
    }
    const { number, stoppedAtLongLine } = this.#lines
    if (instructions.length === 0) throw new DockerfileError('file with no instructions', number)
    if (stoppedAtLongLine) throw new DockerfileError(TOO_LONG, number + 1)
    return { escape: this.#escape, instructions, warnings: this.#warnings }
  }

  #readDirective(line: string): void {
    if (this.#directivesAreOver) return
    const directive = readDirective(line)
    if (!directive) {
      this.#directivesAreOver = true
      return
    }
    const { name, value } = directive
    const { number } = this.#lines
    if (this.#seen.has(name)) {
      throw new DockerfileError(`only one ${name} parser directive can be used`, number)
    }
    this.#seen.add(name)
    if (name !== 'escape') return
    if (value !== '\\' && value !== '`') {
      throw new DockerfileError(`invalid escape token '${value}' does not match \` or \\`, number)
    }
    this.#escape = value
  }

  #readInstruction(first: string): Instruction {
    const begin = this.#lines.number
    const line = this.#join(first)
    try {
      const instruction = readInstruction(line, this.#escape)
      const heredocs = canHaveHeredocs(instruction) ? this.#readHeredocs(line, begin) : []
      const at = { line: begin, endLine: this.#lines.number }
      const trigger = instruction.trigger && { ...instruction.trigger, ...at, heredocs }
      return { ...instruction, ...at, heredocs, trigger }
    } catch (error) {
      if (error instanceof LineError || error instanceof LexError) {
        throw new DockerfileError(error.message, begin)
      }
      throw error
    }
  }

  #join(first: string): string {
    let begun = continued(first, this.#escape)
    if (begun === undefined) return first
    const parts = [begun]
    let hasEmptyLine = false
    while (begun !== undefined) {
      const raw = this.#lines.next()
      if (raw === undefined) break
      const line = withoutEnd(raw)
      if (isComment(line)) continue
      if (isEmpty(line)) {
        hasEmptyLine = true
        continue
      }
      begun = continued(line, this.#escape)
      parts.push(begun ?? line)
    }
    const joined = parts.join('')
    if (hasEmptyLine) {
      this.#warnings.push({
        line: this.#lines.number,
        message: `Empty continuation line found in: ${joined}`,
      })
    }
    return joined
  }

  #readHeredocs(line: string, begin: number): Heredoc[] {
    return findHeredocs(line).map((mark) => {
      const content: string[] = []
      for (let raw = this.#lines.next(); raw !== undefined; raw = this.#lines.next()) {
        const bare = withoutEnd(raw)
        if ((mark.chomp ? bare.replace(/^\t+/, '') : bare) === mark.name) {
          return { ...mark, content: content.join('') }
        }
        content.push(raw)
      }
      throw new DockerfileError('unterminated heredoc', begin)
    })
  }
}

function canHaveHeredocs({ keyword, json, trigger }: Instruction): boolean {
  if (keyword === 'ONBUILD' && trigger) return canHaveHeredocs(trigger)
  return ['ADD', 'COPY', 'RUN'].includes(keyword) && json === undefined
}

function checkAll(instructions: readonly Instruction[], newerFlags: boolean): void {
  let begun = false
  for (const instruction of instructions) {
    const { keyword, line } = instruction
    const fault = checkInstruction(instruction, newerFlags)
    if (fault !== undefined) {
      throw new DockerfileError(`dockerfile parse error on line ${line}: ${fault}`, line)
    }
    if (keyword === 'FROM') begun = true
    else if (!begun && keyword !== 'ARG') {
      throw new DockerfileError('no build stage in current context', line)
    }
  }
}
