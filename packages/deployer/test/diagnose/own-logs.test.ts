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

test('output that nothing dates is not shown, and that is said', () => {
  const found = update(
    ended('it exited with code 3'),
    output(OLD, 'DATABASE_URL is not set'),
    output(NEW, 'hello'),
  )
  expect(found.rule).toBe('the container ended')
  expect(found.cause).toMatch(/exit code 3, an? |exit code 3$/)
  expect(JSON.stringify(found)).not.toMatch(/DATABASE_URL|hello|no word/)
  expect(found.more.withheld).toEqual([expect.stringContaining('none of it is shown')])
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
  expect(update(ended('it exited with code 1'), output(OLD, ...lines)).evidence.join('\n')).not.toContain(
    'GET /',
  )
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
