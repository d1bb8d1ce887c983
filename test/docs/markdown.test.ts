import { expect, test } from 'vitest'
import { anchorsOf, linksOf } from './markdown.ts'

const paper = [
  '# A paper: `part` 1',
  '',
  'See [the other](other.md#part-1) and ![a picture](docs/a.svg).',
  '',
  '<a id="by-hand"></a>Text.',
  '',
  '```sh',
  '# no heading',
  '[no](link.md)',
  '```',
  '',
  '## A paper: part 1',
].join('\n')

test('links are found, and anchors are made as GitHub makes them, the second of a kind with a number', () => {
  expect(linksOf(paper)).toEqual(['other.md#part-1', 'docs/a.svg'])
  expect([...anchorsOf(paper)]).toEqual(['a-paper-part-1', 'by-hand', 'a-paper-part-1-1'])
})
