import { describe, expect, test } from 'vitest'
import { blocksOf } from './blocks.ts'
import { difference } from './told.ts'

describe('what a paper shows is what was printed', () => {
  test.each([
    [
      'but for ids, times, addresses and versions',
      'i-0a1b2c3d4e5f6a7b8 (0.1 s)',
      'i-11111111111111111 (12 s)',
    ],
    ['where … stands for lines', 'first\n…\nlast', 'first\nsecond\nthird\nlast\n'],
    ['where … stands for the rest of a line', 'Removed …', 'Removed /tmp/x\n'],
    ['where … begins and ends it', '…\nmiddle\n…', 'a\nmiddle\nb'],
    [
      'but for which Node this machine has',
      'one\ntwo',
      "one\nThe Dockerfile asks for Node 24, and without a container engine the embedded Beanstalk runs it on this machine's Node v20.20.2\ntwo",
    ],
    ['where … stands for nothing', '…\nonly', 'only'],
  ])('%s', (_, told, printed) => expect(difference(told, printed)).toBeUndefined())

  test.each([
    ['a line is other', 'one\ntwo', 'one\ntoo'],
    ['a line is missing', 'one\n…\ntwo', 'one\nthree'],
    ['a line more is printed at the end', 'one', 'one\ntwo'],
    ['a line more is printed at the beginning', 'two', 'one\ntwo'],
    ['a line more is printed within', 'one\nthree', 'one\ntwo\nthree'],
    ['the order is other', '…\none\n…\ntwo\n…', 'two\none'],
    ['one line is told twice', 'one\n…\none', 'one'],
  ])('and not when %s', (_, told, printed) => expect(difference(told, printed)).toBeTypeOf('string'))
})

test('blocks have their line, their mark and what they print', () => {
  const blocks = blocksOf('part1.md')
  expect(blocks[0]).toMatchObject({ language: 'sh', mark: '', text: 'npm start' })
  expect(blocks[0]?.told).toContain('Deployed: ')
  expect(blocks.map(({ mark }) => mark)).toEqual(
    expect.arrayContaining(['aws-cli', 'aws-only', 'lucree.json']),
  )
  expect(blocks.length).toBeGreaterThan(20)
})
