import fc from 'fast-check'
import { expect, test } from 'vitest'
import { splitTail } from '../../src/beanstalk/logs.ts'

const ruler = '-'.repeat(40)

test('a tail is split into its files, whatever lines they have', () => {
  const line = fc.string().filter((text) => !/[\r\n]/.test(text) && !/^-{20,}$/.test(text))
  const files = fc.array(
    fc.record({ path: fc.stringMatching(/^\/var\/log\/[a-z/.-]{1,20}$/), lines: fc.array(line) }),
  )
  fc.assert(
    fc.property(files, (written) => {
      const text = written.map(({ path, lines }) => [ruler, path, ruler, ...lines, ''].join('\n')).join('\n')
      const read = splitTail('i-1', text)
      expect(read.map(({ path }) => path)).toEqual(written.map(({ path }) => path))
      for (const [at, { lines }] of written.entries()) {
        expect(read[at]?.lines.join('\n').trimEnd()).toBe(lines.join('\n').trimEnd())
      }
    }),
  )
})

test('a line of dashes inside a log is no heading', () => {
  const files = splitTail('i-1', [ruler, '/var/log/a.log', ruler, 'one', ruler, 'two'].join('\n'))
  expect(files).toEqual([{ instanceId: 'i-1', path: '/var/log/a.log', lines: ['one', ruler, 'two'] }])
})
