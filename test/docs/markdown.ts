import { marked, type Token, type Tokens } from 'marked'

/** A fenced block of a paper whose lines a reader would copy into a shell. */
export interface CommandBlock {
  /** 1-based, of the opening fence. */
  line: number
  /** The fence's language: `sh`, `bash` or `console`. */
  language: string
  /** What a shell gets, one command an entry; a line that ends in `\`, and a here-document, go on. In a `console` block only what follows `$ `. */
  commands: string[]
  /** What a `console` block shows as output: all lines that are no commands. */
  output: string[]
}

const SHELLS = new Set(['sh', 'bash', 'console'])

/** All blocks of commands in a Markdown text, in order. */
export function commandBlocks(markdown: string): CommandBlock[] {
  return placed(markdown).flatMap(({ token, line }) => {
    if (token.type !== 'code') return []
    const { lang = '', text } = token as Tokens.Code
    const language = lang.split(/\s/)[0] ?? ''
    return SHELLS.has(language) ? [{ line, language, ...split(text, language === 'console') }] : []
  })
}

/** Every command of a Markdown text with its line's block, for a table of tests. */
export function commandsOf(markdown: string): { line: number; command: string }[] {
  return commandBlocks(markdown).flatMap(({ line, commands }) =>
    commands.map((command) => ({ line, command })),
  )
}

/** Where the links and pictures of a Markdown text lead, as they are written. */
export function linksOf(markdown: string): string[] {
  const links: string[] = []
  void marked.walkTokens(marked.lexer(markdown), (token) => {
    if (token.type === 'link' || token.type === 'image') links.push((token as Tokens.Link).href)
    if (token.type === 'html')
      for (const [, href] of token.raw.matchAll(/(?:href|src)="([^"]+)"/g)) if (href) links.push(href)
  })
  return links
}

/** The anchors that a Markdown text has: those of its headings as GitHub makes them, and those that are written as `<a id="…">`. */
export function anchorsOf(markdown: string): Set<string> {
  const seen = new Map<string, number>()
  const anchors = new Set<string>()
  void marked.walkTokens(marked.lexer(markdown), (token) => {
    if (token.type === 'heading') {
      const slug = slugOf((token as Tokens.Heading).text)
      const count = seen.get(slug) ?? 0
      seen.set(slug, count + 1)
      anchors.add(count === 0 ? slug : `${slug}-${count}`)
    }
    if (token.type === 'html')
      for (const [, id] of token.raw.matchAll(/\s(?:id|name)="([^"]+)"/g)) if (id) anchors.add(id)
  })
  return anchors
}

/** GitHub's rule: markup gone, lower case, all but letters, digits, hyphens, underscores and spaces gone, spaces as hyphens. */
function slugOf(heading: string): string {
  return heading
    .replace(/\[([^\]]*)\]\([^)]*\)/g, '$1')
    .replace(/[`*]/g, '')
    .trim()
    .toLowerCase()
    .replace(/[^\p{L}\p{N}\p{M}_ -]/gu, '')
    .replaceAll(' ', '-')
}

/** The top-level tokens and those inside lists, each with the line that it begins at. */
function placed(markdown: string): { token: Token; line: number }[] {
  const found: { token: Token; line: number }[] = []
  let from = 0
  void marked.walkTokens(marked.lexer(markdown), (token) => {
    if (token.type !== 'code') return
    const fence = markdown.indexOf(token.raw.trimStart().split('\n', 1)[0] ?? '', from)
    const start = fence < 0 ? from : fence
    found.push({ token, line: markdown.slice(0, start).split('\n').length })
    from = start + 1
  })
  return found
}

function split(text: string, isConsole: boolean): { commands: string[]; output: string[] } {
  const commands: string[] = []
  const output: string[] = []
  let open: string[] = []
  let until: string | undefined
  for (const line of text.split('\n')) {
    const going = open.length > 0
    if (!going && isConsole && !line.startsWith('$ ')) {
      output.push(line)
      continue
    }
    const words = going ? line.replace(/^> /, '') : isConsole ? line.slice(2) : line
    if (!going && (words.trim() === '' || words.trimStart().startsWith('#'))) continue
    open.push(words)
    if (until === undefined) until = /<<-?\s*['"]?(\w+)['"]?/.exec(words)?.[1]
    else if (words.trim() === until) until = undefined
    if (until !== undefined || words.endsWith('\\')) continue
    commands.push(open.join('\n'))
    open = []
  }
  if (open.length > 0) commands.push(open.join('\n'))
  return { commands, output }
}
