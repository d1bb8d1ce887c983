import { StringDecoder } from 'node:string_decoder'
import { stripVTControlCharacters } from 'node:util'
import type { BuildStatus, Vertex, VertexLog } from './trace.ts'

interface Step {
  /** The number that people see. */
  number: number
  name: string
  started: number
  decoder: StringDecoder
  partial: string
  /** Its last lines, which a failure repeats. */
  last: string[]
  over: boolean
  error: string
}

/** Lines of a failed step that its failure repeats. */
const REPEATED = 10

/** Tells of a build line by line, as `docker build --progress=plain` does. */
export class PlainProgress {
  readonly #log: (line: string) => void
  readonly #steps = new Map<string, Step>()

  constructor(log: (line: string) => void) {
    this.#log = log
  }

  update({ vertexes, logs }: BuildStatus): void {
    for (const vertex of vertexes) this.#begin(vertex)
    for (const log of logs) this.#write(log)
    for (const vertex of vertexes) this.#end(vertex)
  }

  /** Tells of a build's failure, with the end of the step that failed; answers the line that says why. */
  fail(message: string): string {
    const failed = [...this.#steps.values()].find(({ error }) => error !== '')
    if (failed) {
      const rule = '------'
      for (const line of [rule, ` > ${failed.name}:`, ...failed.last, rule]) this.#log(line)
    }
    // Older engines say so themselves.
    const why = /^failed to solve/.test(message) ? message : `failed to solve: ${message}`
    return `ERROR: ${why}`
  }

  #begin({ digest, name, started }: Vertex): void {
    if (started === undefined || this.#steps.has(digest)) return
    const number = this.#steps.size + 1
    const decoder = new StringDecoder('utf8')
    this.#steps.set(digest, { number, name, started, decoder, partial: '', last: [], over: false, error: '' })
    this.#log(`#${number} ${name}`)
  }

  #write({ vertex, at, text }: VertexLog): void {
    const step = this.#steps.get(vertex)
    if (!step) return
    // What a step writes for a terminal is no text.
    const lines = (step.partial + stripVTControlCharacters(step.decoder.write(Buffer.from(text)))).split(
      /\r?\n/,
    )
    step.partial = lines.pop() ?? ''
    for (const line of lines) this.#line(step, at, line)
  }

  #line(step: Step, at: number, line: string): void {
    const told = `${Math.max(0, (at - step.started) / 1000).toFixed(3)} ${line}`
    step.last.push(told)
    if (step.last.length > REPEATED) step.last.shift()
    this.#log(`#${step.number} ${told}`)
  }

  #end({ digest, cached, completed, error }: Vertex): void {
    const step = this.#steps.get(digest)
    if (!step || step.over || (completed === undefined && error === '')) return
    step.over = true
    const at = completed ?? step.started
    if (step.partial !== '') this.#line(step, at, step.partial)
    step.partial = ''
    if (/context canceled$/.test(error)) return this.#log(`#${step.number} CANCELED`)
    step.error = error
    if (error !== '') return this.#log(`#${step.number} ERROR: ${error}`)
    const seconds = ((at - step.started) / 1000).toFixed(1)
    this.#log(cached ? `#${step.number} CACHED` : `#${step.number} DONE ${seconds}s`)
  }
}
