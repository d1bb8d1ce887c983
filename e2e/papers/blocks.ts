import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { lexer, type Tokens } from 'marked'
import { repository } from '../sandbox.ts'

/** A fenced block of a paper, where it stands and what the paper says about it. */
export interface Block {
  /** Line of its opening fence, from 1. */
  line: number
  /** First word after the fence, such as `sh`; empty without one. */
  language: string
  /** What follows it, such as `aws-only` or the name of a file. */
  mark: string
  text: string
  /** The `text` block right after it: what the paper shows that it prints. */
  told: string | undefined
}

/** The fenced blocks of a Markdown file of this repository, in order; what a block prints is with the block. */
export function blocksOf(paper: string): Block[] {
  const blocks: Block[] = []
  let line = 1
  for (const token of lexer(readFileSync(join(repository, paper), 'utf8'))) {
    if (token.type === 'code') add(blocks, token as Tokens.Code, line)
    line += token.raw.split('\n').length - 1
  }
  return blocks
}

function add(blocks: Block[], { lang = '', text }: Tokens.Code, line: number): void {
  const [language = '', mark = ''] = lang.split(' ')
  const last = blocks.at(-1)
  if (language === 'text' && last) last.told = text
  else blocks.push({ line, language, mark, text, told: undefined })
}
