import { stripVTControlCharacters } from 'node:util'
import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { LiveReporter } from '../../src/report/live.ts'
import { createStyle } from '../../src/report/style.ts'
import { memoryStream } from './memory-stream.ts'
import { SteppingClock } from './stepping-clock.ts'

let clock: SteppingClock
let text: () => string
let reporter: LiveReporter

beforeEach(async () => {
  clock = new SteppingClock()
  const memory = memoryStream({ isTTY: true })
  text = memory.text
  reporter = new LiveReporter({ stream: memory.stream, style: createStyle(false), clock })
  reporter.emit({ kind: 'stage-started', stage: 'follow', title: 'Follow the change' })
  await vi.waitFor(() => expect(text()).toContain('Follow the change'))
})

afterEach(() => reporter.close())

const plain = () => stripVTControlCharacters(text())
const event = (message: string) => {
  reporter.emit({ kind: 'environment-event', at: new Date(0), severity: 'INFO', message })
}

it('shows the running stage with its time, the last events and what is waited for', async () => {
  for (const message of ['one', 'two', 'three', 'four', 'five']) event(message)
  reporter.emit({ kind: 'waiting', reason: 'api is Updating', sinceMs: 0, deadlineMs: 60_000 })
  const before = plain().length
  await clock.advance(12_000)
  const frames = plain().slice(before)
  expect(plain()).toContain('INFO  five')
  expect(frames).toContain('Follow the change 12 s')
  expect(frames).toContain('waiting: api is Updating (12 s of at most 1 min 00 s)')
  expect(frames).not.toContain('INFO  one')
})

it('folds long events at words, into the width that the terminal has', () => {
  event('Environment health has transitioned from Ok to Info. Application update in progress.')
  expect(plain()).toContain(
    'INFO  Environment health has transitioned from Ok to Info.\n    Application update in progress.',
  )
})

it('shows the instances with their health, and of many only the first', async () => {
  const seen = (id: string) => ({ id, health: 'Ok', version: 'v1', deployment: 'deployed' })
  reporter.emit({
    kind: 'instances',
    instances: [{ ...seen('i-1'), health: 'Severe', deployment: 'failed' }],
  })
  expect(plain()).toContain('  i-1 Severe v1 failed')
  reporter.emit({ kind: 'instances', instances: Array.from({ length: 9 }, (_, index) => seen(`i-${index}`)) })
  expect(plain()).toContain('  i-5 Ok v1 deployed\n  and 3 more')
})

it('shows a plan as lines that stay', () => {
  reporter.emit({ kind: 'plan', lines: [{ text: 'one' }, { text: 'two', detail: 'why' }], document: {} })
  expect(plain()).toContain('one\ntwo (why)\n')
})

it('leaves a finished stage as one line', () => {
  event('started')
  reporter.emit({ kind: 'stage-done', stage: 'follow', detail: 'Ready', durationMs: 61_000 })
  expect(plain()).toContain('✓ Follow the change: Ready (1 min 01 s)\n')
})

it('leaves a stage that did not end with a cross and the events that were in view', () => {
  event('it broke')
  const before = plain().length
  reporter.close()
  expect(plain().slice(before)).toMatch(/INFO {2}it broke\n✗ Follow the change \(0\.0 s\)\n/)
})

it('moves no more once it is settled, and only appends', async () => {
  reporter.settle()
  reporter.emit({ kind: 'note', message: 'Stopping' })
  const settled = text()
  expect(plain()).toMatch(/Follow the change \.\.\.\nStopping\n$/)
  await clock.advance(5_000)
  reporter.close()
  expect(text()).toBe(settled)
})
