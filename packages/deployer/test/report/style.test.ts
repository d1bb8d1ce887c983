import { expect, it } from 'vitest'
import { wantsColour } from '../../src/report/style.ts'

const terminal = { isTTY: true }
const pipe = {}

it.each([
  [terminal, {}, false, true],
  [pipe, {}, false, false],
  [terminal, { TERM: 'dumb' }, false, false],
  [terminal, { NO_COLOR: '1' }, false, false],
  [terminal, { NO_COLOR: '' }, false, true],
  [pipe, { FORCE_COLOR: '1' }, false, true],
  [terminal, { FORCE_COLOR: '0' }, false, false],
  [pipe, { FORCE_COLOR: '1', NO_COLOR: '1' }, false, false],
  [terminal, { FORCE_COLOR: '1' }, true, false],
])('%j with %j, refused: %j → colour: %j', (stream, environment, refused, expected) => {
  expect(wantsColour(stream, environment, refused)).toBe(expected)
})
