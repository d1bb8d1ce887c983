import { afterEach, beforeEach, expect, it } from 'vitest'
import type { ProgressEvent } from '../../src/deploy/progress.ts'
import { NdjsonReporter } from '../../src/report/ndjson.ts'
import { Scrubber } from '../../src/report/scrub.ts'
import { createStyle } from '../../src/report/style.ts'
import { memoryStream } from './memory-stream.ts'
import { SteppingClock } from './stepping-clock.ts'

let clock: SteppingClock
let reporter: NdjsonReporter
let lines: () => Promise<unknown[]>

beforeEach(() => {
  clock = new SteppingClock()
  const scrubber = new Scrubber()
  scrubber.hold('correct horse')
  const memory = memoryStream({ scrubber })
  reporter = new NdjsonReporter({ stream: memory.stream, style: createStyle(false), clock }, scrubber)
  lines = async () => {
    await clock.advance(0)
    const written = memory.text().split('\n')
    expect(written.pop()).toBe('')
    return written.map((line) => JSON.parse(line) as unknown)
  }
})

afterEach(() => reporter.close())

it('writes each event as a document on a line of its own, with its kind and its time', async () => {
  const instances = [{ id: 'i-1', health: 'Ok', version: 'v1', deployment: 'deployed' }]
  const events: ProgressEvent[] = [
    { kind: 'stage-started', stage: 'Follow', title: 'Follow' },
    { kind: 'environment-event', at: new Date(5), severity: 'INFO', message: 'two\nlines' },
    { kind: 'instances', instances },
    { kind: 'plan', lines: [{ text: 'for people' }], document: { steps: [] } },
  ]
  for (const event of events) reporter.emit(event)
  const at = '1970-01-01T00:00:00.000Z'
  expect(await lines()).toEqual([
    { at, kind: 'stage-started', stage: 'Follow', title: 'Follow' },
    { at: '1970-01-01T00:00:00.005Z', kind: 'environment-event', severity: 'INFO', message: 'two\nlines' },
    { at, kind: 'instances', instances },
    { at, kind: 'plan', steps: [] },
  ])
})

it('takes secrets out', async () => {
  reporter.emit({ kind: 'output', source: 'build', line: 'the token is correct horse' })
  expect(JSON.stringify(await lines())).toContain('the token is [redacted]')
})

it('says the instances when something about them has changed', async () => {
  const seen = (health: string) => {
    const instances = [{ id: 'i-1', health, version: 'v1', deployment: 'deployed' }]
    reporter.emit({ kind: 'instances', instances })
  }
  for (const health of ['Info', 'Info', 'Ok']) seen(health)
  expect(await lines()).toHaveLength(2)
})

it('says what is waited for when it changes, and else every ten seconds', async () => {
  const wait = (reason: string) => reporter.emit({ kind: 'waiting', reason, sinceMs: 0, deadlineMs: 60_000 })
  for (let second = 0; second < 12; second += 1) {
    wait('shop is Updating')
    await clock.advance(1_000)
  }
  wait('shop is Ready')
  expect(await lines()).toHaveLength(3)
})
