import { expect, test } from 'vitest'
import { anchorsOf, commandBlocks, linksOf } from './markdown.ts'

const paper = [
  '# A paper: `part` 1',
  '',
  'See [the other](other.md#part-1) and ![a picture](docs/a.svg).',
  '',
  '```sh',
  '# a remark',
  'lucree deploy --local   # this machine',
  'curl -s \\',
  '  http://127.0.0.1/',
  '```',
  '',
  '- a step:',
  '',
  '  ```console',
  '  $ cat > lucree.json <<JSON',
  '  {}',
  '  JSON',
  '  $ lucree status',
  '  api: Ready',
  '  ```',
  '',
  '```json',
  '{}',
  '```',
  '',
  '## A paper: part 1',
].join('\n')

test('what a reader would copy is found, a command an entry, also inside a list', () => {
  expect(commandBlocks(paper)).toEqual([
    {
      line: 5,
      language: 'sh',
      commands: ['lucree deploy --local   # this machine', 'curl -s \\\n  http://127.0.0.1/'],
      output: [],
    },
    {
      line: 14,
      language: 'console',
      commands: ['cat > lucree.json <<JSON\n{}\nJSON', 'lucree status'],
      output: ['api: Ready'],
    },
  ])
})

test('links are found, and anchors are made as GitHub makes them, the second of a kind with a number', () => {
  expect(linksOf(paper)).toEqual(['other.md#part-1', 'docs/a.svg'])
  expect([...anchorsOf(paper)]).toEqual(['a-paper-part-1', 'a-paper-part-1-1'])
})
