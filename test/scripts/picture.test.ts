import { readFile } from 'node:fs/promises'
import { expect, test } from 'vitest'
import { draw, finalText } from '../../scripts/picture/drawing.mjs'
import { fromCast, toCast } from '../../scripts/picture/recording.mjs'

const recorded = await readFile(new URL('../../docs/deploy.cast', import.meta.url), 'utf8')

test('the picture of the README is what its recording gives', async () => {
  const drawn = await draw(fromCast(recorded))
  expect(drawn).toBe(await readFile(new URL('../../docs/deploy.svg', import.meta.url), 'utf8'))
})

test('a recording is read as it was written', () => {
  expect(toCast(fromCast(recorded))).toBe(recorded)
})

test('what a terminal was told to erase is not drawn, and markup is text', async () => {
  const recording = {
    command: 'say "a < b"',
    width: 20,
    height: 4,
    output: [
      { seconds: 0, text: 'Wait\r\n' },
      { seconds: 1, text: '\u001b[1A\u001b[2K\u001b[32mDone\u001b[39m <b>\r\n' },
    ],
  }
  expect(await finalText(recording)).toEqual(['Done <b>'])
  const drawn = await draw(recording)
  expect(drawn).toContain('fill="#a3d977">Done</text>')
  expect(drawn).toContain('a &lt; b')
  expect(drawn).toContain('&lt;b&gt;')
  expect(drawn).not.toContain('Wait')
})
