import { heredocMarkIn, heredocText } from './heredoc.ts'
import type { Instruction } from './instruction.ts'

/** What a RUN runs. */
export type RunForm =
  /** These words, without a shell. */
  | { kind: 'exec'; argv: readonly string[] }
  /** A text for the stage's shell. */
  | { kind: 'shell'; text: string }
  /** A heredoc that begins with `#!`: a program of this name that the shell runs as `/dev/pipes/<name>`. */
  | { kind: 'script'; name: string; text: string }

/**
 * Reads what a RUN runs, its heredocs included: one that stands alone is the shell's text itself, others stay heredocs that the shell
 * reads. Nothing is expanded: variables are the shell's business.
 */
export function runForm({ json, args, heredocs }: Instruction): RunForm {
  if (json) return { kind: 'exec', argv: json }
  const [first] = heredocs
  if (!first) return { kind: 'shell', text: args }
  if (!heredocMarkIn(args)) {
    const bodies = heredocs.map(({ content, name }) => `\n${content}${name}`)
    return { kind: 'shell', text: args + bodies.join('') }
  }
  const text = heredocText(first)
  return first.content.startsWith('#!') ? { kind: 'script', name: first.name, text } : { kind: 'shell', text }
}
