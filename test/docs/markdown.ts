import { marked, type Tokens } from 'marked'

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
