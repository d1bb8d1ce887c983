import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { PlainReporter } from '../../src/report/plain.ts'
import { createStyle } from '../../src/report/style.ts'
import { memoryStream } from './memory-stream.ts'
import { SteppingClock } from './stepping-clock.ts'

let clock: SteppingClock
let text: () => string
let reporter: PlainReporter

beforeEach(() => {
  clock = new SteppingClock()
  const memory = memoryStream()
  text = memory.text
  reporter = new PlainReporter({ stream: memory.stream, style: createStyle(false), clock })
})

afterEach(() => reporter.close())

it('appends a line for each thing that is said', async () => {
  reporter.emit({ kind: 'stage-started', stage: 'bundle', title: 'Bundle packages/api' })
  reporter.emit({ kind: 'output', source: 'build', line: 'tsc' })
  reporter.emit({ kind: 'stage-done', stage: 'bundle', detail: '12 files, 34 kB', durationMs: 400 })
  reporter.emit({
    kind: 'environment-event',
    at: new Date(2026, 0, 2, 3, 4, 5),
    severity: 'WARN',
    message: 'Late.',
  })
  reporter.emit({ kind: 'warning', message: 'EXPOSE is missing' })
  await clock.advance(0)
  expect(text().split('\n')).toEqual([
    'Bundle packages/api ...',
    '  build | tsc',
    'done: 12 files, 34 kB (0.4 s)',
    '  03:04:05 WARN  Late.',
    'Warning: EXPOSE is missing',
    '',
  ])
})

describe('after half a minute of silence', () => {
  it('says what it waits for, for how long and how long at most, and again half a minute later', async () => {
    reporter.emit({ kind: 'stage-started', stage: 'follow', title: 'Follow' })
    reporter.emit({
      kind: 'waiting',
      reason: 'api-production is Updating',
      sinceMs: 15_000,
      deadlineMs: 1_200_000,
    })
    await clock.advance(29_000)
    expect(text()).toBe('Follow ...\n')
    await clock.advance(2_000)
    expect(text()).toContain('waiting: api-production is Updating (45 s of at most 20 min 00 s)\n')
    await clock.advance(30_000)
    expect(text()).toContain('(1 min 15 s of at most 20 min 00 s)\n')
    expect(text().split('\n')).toHaveLength(4)
  })

  it('shows the instances with their health too, as they were seen last', async () => {
    reporter.emit({ kind: 'stage-started', stage: 'follow', title: 'Follow' })
    reporter.emit({
      kind: 'instances',
      instances: [{ id: 'i-1', health: 'Pending', version: 'v2', deployment: 'pending' }],
    })
    await clock.advance(29_000)
    expect(text()).toBe('Follow ...\n')
    await clock.advance(2_000)
    expect(text()).toContain('  still at it: Follow, for 30 s\n  i-1 Pending v2 pending\n')
  })

  it('names the stage when nothing said what is waited for', async () => {
    reporter.emit({ kind: 'stage-started', stage: 'build', title: 'Run the build' })
    await clock.advance(31_000)
    expect(text()).toContain('still at it: Run the build, for 30 s\n')
  })

  it('says nothing when nothing runs, and nothing after its end', async () => {
    await clock.advance(60_000)
    reporter.emit({ kind: 'stage-started', stage: 'build', title: 'Run the build' })
    reporter.close()
    await clock.advance(60_000)
    expect(text()).toBe('Run the build ...\n')
  })
})
