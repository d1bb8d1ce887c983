import { expect, test } from 'vitest'
import type { Clock } from '../../../src/clock.ts'
import { createTempo } from '../../../src/services/elasticbeanstalk/tempo.ts'

function watched() {
  const slept: number[] = []
  const clock: Clock = { now: () => new Date(0), sleep: (ms) => Promise.resolve(void slept.push(ms)) }
  return { slept, clock }
}

const { signal } = new AbortController()

test('fast takes no artificial time, real takes the recorded one, a factor a part of it', async () => {
  const { slept, clock } = watched()
  await createTempo('fast', clock).take(34, signal)
  expect(slept).toEqual([])
  await createTempo('real', clock).take(34, signal)
  await createTempo(0.1, clock).take(30, signal)
  expect(slept).toEqual([34_000, 3000])
})

test('looks are never closer than a small machine bears', () => {
  const { clock } = watched()
  expect(createTempo('fast', clock).interval(15)).toBe(25)
  expect(createTempo('real', clock).interval(15)).toBe(15_000)
})

test('what does real work gets real time', () => {
  const { clock } = watched()
  expect(createTempo('fast', clock).limit(600, 10)).toBe(10_000)
  expect(createTempo('real', clock).limit(600, 10)).toBe(600_000)
})

test('a pace that is none is refused', () => {
  const { clock } = watched()
  expect(() => createTempo(-1, clock)).toThrow(RangeError)
  expect(() => createTempo(Number.NaN, clock)).toThrow(RangeError)
})
