import { existsSync } from 'node:fs'
import { dirname, join, relative } from 'node:path'
import { expect, test } from 'vitest'
import { anchorsOf, linksOf } from './markdown.ts'
import { allPapers, read, root } from './papers.ts'

/** What is wrong with a link of a paper; undefined for a good one and for one that leads out of the repository. */
function problemOf(paper: string, link: string): string | undefined {
  if (/^(https?|mailto):/.test(link)) return undefined
  const [path = '', anchor] = decodeURI(link).split('#')
  const target = path === '' ? paper : relative(root, join(root, dirname(paper), path))
  if (target.startsWith('..') || !existsSync(join(root, target))) return `${link}: there is no ${target}`
  if (anchor === undefined || !target.endsWith('.md')) return undefined
  return anchorsOf(read(target)).has(anchor) ? undefined : `${link}: ${target} has no heading for it`
}

test.each(allPapers())('every link of %s inside the repository leads somewhere', (paper) => {
  expect(linksOf(read(paper)).flatMap((link) => problemOf(paper, link) ?? [])).toEqual([])
})

test('a link to a file or a heading that is missing is told', () => {
  expect(problemOf('README.md', 'docs/nothing.md')).toBe('docs/nothing.md: there is no docs/nothing.md')
  expect(problemOf('README.md', 'ARCHITECTURE.md#nowhere')).toMatch(/has no heading/)
})
