import { expect, test } from 'vitest'
import { diagnose } from '../../src/diagnose/diagnose.ts'
import { evidenceOf, type Evidence } from '../../src/diagnose/evidence.ts'
import { ENDED_EVENT, ended, FLEET, SINCE } from './logs.ts'

const ID = FLEET?.[0]?.id ?? ''
const log = (path: string, ...lines: string[]) => ({ instanceId: ID, path: `/var/log/${path}`, lines })
const output = (id: string, ...lines: string[]) =>
  log(`eb-docker/containers/eb-current-app/eb-${id}-stdouterr.log`, ...lines)
const started = (time: string, id: string) =>
  `2026-11-22T${time}.000000000Z container start ${id}${'0'.repeat(52)} (image=aws_beanstalk/staging-app, name=eb-app)`
const died = (time: string, id: string, exitCode: number) =>
  `2026-11-22T${time}.000000000Z container die ${id}${'0'.repeat(52)} (execDuration=1, exitCode=${exitCode}, image=aws_beanstalk/staging-app)`
const docker = (...lines: string[]) => log('docker-events.log', ...lines)
const [OLD, NEW, BACK] = ['aaaaaaaaaaaa', 'bbbbbbbbbbbb', 'cccccccccccc'] as const

/** An update of an instance that was there long before. */
function update(...logs: Evidence['logs']) {
  const fleet = [{ id: ID, launchedAt: new Date('2026-11-20T08:00:00Z') }]
  return diagnose(evidenceOf({ since: SINCE, fleet, events: [ENDED_EVENT], logs }))
}

test('the release before is neither cause nor evidence, although it told more', () => {
  const found = update(
    ended('it exited with code 3'),
    docker(started('16:00:00', OLD), started('17:00:05', NEW), died('17:00:06', NEW, 3)),
    output(OLD, 'DATABASE_URL is not set', 'fatal: late crash'),
    output(NEW, 'hello'),
  )
  expect(found).toMatchObject({
    code: 'LUC-DEPLOY-CONTAINER-ENDED',
    rule: 'the container ended',
    evidence: ['hello'],
  })
  expect(found.cause).toContain('exit code 3')
  expect(found.more.withheld).toEqual([])
})

test('a container that printed nothing left no word, whatever the one before printed', () => {
  const found = update(
    ended('it exited with code 3'),
    docker(started('16:00:00', OLD), started('17:00:05', NEW)),
    output(OLD, 'ready'),
    output(NEW),
  )
  expect(found.cause).toContain('exit code 3, and left no word')
  expect(JSON.stringify(found)).not.toContain('ready')
})

const MARK = 'The application’s output, which may be of the release before:'
/** A tail that an application's health checks have filled; Docker's starts are no longer in it. */
const executed = (time: string, count: number) =>
  docker(
    ...Array.from(
      { length: count },
      () =>
        `2026-11-22T${time}.000000000Z container exec_start: /bin/sh -c true ${NEW}${'0'.repeat(52)} (image=x)`,
    ),
  )

test.each([
  ['there are no Docker events', []],
  ['the start has scrolled out of Docker’s events', [executed('17:00:09', 100)]],
  ['Docker’s events tell of no start', [executed('16:50:00', 3)]],
  [
    'the events that came begin after the start, and tell of another container’s',
    [log('docker-events.log', ...executed('17:00:09', 99).lines, started('17:00:10', BACK))],
  ],
])('output that nothing dates is read, and said to be maybe older: %s', (_, events) => {
  const found = update(ended('it exited with code 3'), ...events, output(NEW, 'DATABASE_URL is not set'))
  expect(found).toMatchObject({
    rule: 'a variable is missing',
    confidence: 'likely',
    cause: expect.stringMatching(/DATABASE_URL.*\(what tells this may be of the release before\)$/),
    evidence: [MARK, 'DATABASE_URL is not set'],
  })
})

test('what the platform says stays certain beside output that may be older', () => {
  const lines = Array.from({ length: 30 }, (_, at) => `word ${at}`)
  const found = update(ended('it exited with code 3'), output(OLD, ...lines))
  expect(found).toMatchObject({ rule: 'the container ended', confidence: 'certain' })
  expect(found.cause).toMatch(/exit code 3$/)
  expect(found.evidence).toHaveLength(12)
  expect([found.evidence[0], found.evidence.at(-1)]).toEqual([MARK, 'word 29'])
})

test('a failure that no rule knows marks such output too', () => {
  const fleet = [{ id: ID, launchedAt: new Date('2026-11-20T08:00:00Z') }]
  const found = diagnose(evidenceOf({ since: SINCE, fleet, logs: [output(OLD, 'hm')] }))
  expect(found).toMatchObject({ confidence: 'unknown', evidence: [MARK, 'hm'] })
})

test.each([
  ['Docker’s start', [docker(started('16:00:00', OLD))], 'DATABASE_URL is not set'],
  ['Docker’s end', [docker(died('16:30:00', OLD, 1))], 'DATABASE_URL is not set'],
  ['its own times', [], '2026-11-22T16:00:00.000Z DATABASE_URL is not set'],
])('output is not read when it is proven to be older: by %s', (_, events, line) => {
  const found = update(ended('it exited with code 3'), ...events, output(OLD, line))
  expect(found.rule).toBe('the container ended')
  expect(JSON.stringify(found)).not.toContain('DATABASE_URL')
})

test('output that is not dated says nothing beside output that is', () => {
  const found = update(
    ended('it exited with code 3'),
    output(NEW, '2026-11-22T17:00:06.000Z hello'),
    output(OLD, 'DATABASE_URL is not set'),
  )
  expect(found.evidence).toEqual(['2026-11-22T17:00:06.000Z hello'])
})

test.each<[string, Partial<Evidence>]>([
  [
    'by its first event',
    { events: [{ severity: 'INFO', message: 'createEnvironment is starting.', at: SINCE }, ENDED_EVENT] },
  ],
  [
    'by its date',
    { events: [ENDED_EVENT], environment: { status: 'Ready', health: 'Red', createdAt: SINCE } },
  ],
])('all logs of an environment that the operation made are its own: %s', (_, seen) => {
  const logs = [ended('it exited with code 3'), output(NEW, 'oh dear'), log('dmesg', 'oom-kill: x')]
  const found = diagnose(evidenceOf({ since: SINCE, fleet: [{ id: ID }], logs, ...seen }))
  expect(JSON.stringify(found)).not.toContain('release before')
  expect(found.cause).toContain('memory')
})

test('an environment that was made before is no new one', () => {
  const environment = { status: 'Ready', health: 'Red', createdAt: new Date('2026-11-20T08:00:00Z') }
  const logs = [ended('it exited with code 3'), output(NEW, 'oh dear')]
  expect(diagnose(evidenceOf({ since: SINCE, environment, logs })).evidence).toEqual([MARK, 'oh dear'])
})

test('output with times counts when it is whole and begins in the operation', () => {
  const old = '2026-11-22T16:00:00.000Z ready'
  const found = update(
    ended('it exited with code 1'),
    output(OLD, old, '2026-11-22T17:00:05.000Z DATABASE_URL is not set'),
    output(NEW, '2026-11-22T17:00:06.000Z oh dear', 'at the end'),
  )
  expect(found.evidence).toEqual(['2026-11-22T17:00:06.000Z oh dear', 'at the end'])
})

test('of a long log that was cut nobody knows when it began', () => {
  const lines = Array.from({ length: 100 }, (_, at) => `2026-11-22T17:00:06.000Z GET /${at} error`)
  expect(update(ended('it exited with code 1'), output(OLD, ...lines)).evidence[0]).toBe(MARK)
  const events = docker(started('16:00:00', BACK), started('17:00:05', NEW))
  const found = update(ended('it exited with code 1'), events, output(OLD, ...lines))
  expect(found.evidence.join('\n')).not.toContain('GET /')
})

test('what failed is read, and not the release that Beanstalk started again afterwards', () => {
  const found = update(
    ended('it exited with code 1'),
    docker(
      ...[started('16:00:00', OLD), started('17:00:05', NEW), died('17:00:06', NEW, 1)],
      ...[died('17:00:07', OLD, 143), started('17:00:08', BACK)],
    ),
    output(NEW, 'broken on purpose'),
    output(BACK, 'an error was read', 'ready', 'and well', 'serving'),
  )
  expect(found.evidence).toEqual(['broken on purpose'])
})

test('that the container of the release before is stopped is no end of this one’s', () => {
  const fleet = [{ id: ID, launchedAt: new Date('2026-11-20T08:00:00Z') }]
  const answer = { url: 'http://shop.example/', status: 502, problem: undefined }
  const logs = [
    docker(started('16:00:00', OLD), started('17:00:05', NEW), died('17:00:07', OLD, 143)),
    output(NEW, 'listening on port 3000'),
  ]
  const found = diagnose(evidenceOf({ since: SINCE, fleet, port: 8080, answer, logs }))
  expect(found).toMatchObject({ code: 'LUC-DEPLOY-PORT', cause: expect.stringContaining('3000') })
})

test('all logs of an instance that the operation launched are its own', () => {
  const found = diagnose(
    evidenceOf({
      since: SINCE,
      fleet: FLEET,
      logs: [ended('it exited with code 1'), output(NEW, 'oh dear')],
    }),
  )
  expect(found.evidence).toEqual(['oh dear'])
})
