import { expect, test } from 'vitest'
import { diagnose } from '../../src/diagnose/diagnose.ts'
import { evidenceOf } from '../../src/diagnose/evidence.ts'
import { ofThisOperation } from '../../src/diagnose/this-operation.ts'
import { error, SINCE } from './logs.ts'

const file = (path: string, ...lines: string[]) => ({ instanceId: 'i-1', path, lines })

test('lines from before the operation are left out, with those that belong to them', () => {
  const lines = [
    'the end of an older build',
    '2026/11/22 16:00:00.000000 [ERROR] no EXPOSE directive found in Dockerfile, abort deployment',
    'a line of that error',
    '2026/11/22 17:00:01.000000 [INFO] Engine received EB command app-deploy',
    'Step 1/2 : FROM node',
  ]
  expect(ofThisOperation(lines, SINCE)).toEqual(lines.slice(3))
})

test('what stands before the first time is as new as that', () => {
  const lines = ['npm error code EUSAGE', '2026/11/22 17:00:01.000000 [ERROR] failed']
  expect(ofThisOperation(lines, SINCE)).toEqual(lines)
})

test.each([
  ['ISO', '2026-11-22T16:59:00.000Z crashed', '2026-11-22T17:00:02.000Z listening'],
  ['ISO with an offset', '2026-11-22T17:59:00+01:00 crashed', '2026-11-22T18:00:02+01:00 listening'],
  ['JSON', '{"level":50,"time":"2026-11-22T16:59:00Z"}', '{"level":30,"time":"2026-11-22T17:00:02Z"}'],
  ['JSON in milliseconds', '{"time":1795366700000}', '{"time":1795366802000}'],
])('times are read as applications write them: %s', (_, old, fresh) => {
  expect(ofThisOperation([old, fresh], SINCE)).toEqual([fresh])
})

test('a time without a year is taken in the year that is nearest', () => {
  const lines = [
    'Nov 22 16:59:00 ip-1 kernel: Killed process 1',
    'Nov 22 17:00:06 ip-1 kernel: Killed process 2',
  ]
  expect(ofThisOperation(lines, SINCE)).toEqual(lines.slice(1))
  const newYear = new Date('2027-01-01T00:00:00Z')
  expect(
    ofThisOperation(['Dec 31 23:58:00 ip-1 kernel: x', 'Jan  1 00:00:03 ip-1 kernel: y'], newYear),
  ).toEqual(['Jan  1 00:00:03 ip-1 kernel: y'])
})

test('of a log without any time nothing is kept: it may tell of any operation', () => {
  expect(ofThisOperation(['DATABASE_URL is not set'], SINCE)).toEqual([])
})

test('an older failure of the same instance explains nothing', () => {
  const found = diagnose(
    evidenceOf({
      since: SINCE,
      events: [
        { ...error('no EXPOSE directive found in Dockerfile'), at: new Date('2026-11-22T16:00:00Z') },
        { ...error('Failed to deploy application.'), at: new Date('2026-11-22T17:00:09Z') },
      ],
      activities: [
        { at: new Date('2026-11-22T09:00:00Z'), status: 'Failed', message: 'VcpuLimitExceeded - x' },
      ],
      logs: [
        file(
          '/var/log/eb-engine.log',
          '2026/11/22 16:00:00.000000 [ERROR] no EXPOSE directive found in Dockerfile, abort deployment',
          '2026/11/22 17:00:00.000000 [INFO] Starting...',
        ),
      ],
    }),
  )
  expect(found).toMatchObject({ code: 'LUC-DEPLOY-UNKNOWN', confidence: 'unknown' })
  expect(found.evidence.join()).not.toMatch(/EXPOSE|Vcpu/)
})

test('after a failed change that was led back, the failed command is read and not the last one', () => {
  const found = diagnose(
    evidenceOf({
      since: SINCE,
      logs: [
        file(
          '/var/log/eb-engine.log',
          '2026/11/22 17:00:01.000000 [INFO] Engine received EB command config-deploy',
          '2026/11/22 17:00:02.000000 [ERROR] An error occurred during execution of command [config-deploy] - [Run Docker Container]. Stop running the command. Error: Docker container unexpectedly ended after it was started: it exited with code 78',
          '2026/11/22 17:00:03.000000 [INFO] Engine received EB command config-deploy',
          '2026/11/22 17:00:04.000000 [INFO] CommandService Response: {"status":"SUCCESS"}',
        ),
      ],
    }),
  )
  expect(found).toMatchObject({ code: 'LUC-DEPLOY-CONTAINER-ENDED', cause: expect.stringContaining('78') })
})
