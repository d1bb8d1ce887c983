import { expect, test } from 'vitest'
import { diagnose } from '../../src/diagnose/diagnose.ts'
import { evidenceOf, type Evidence } from '../../src/diagnose/evidence.ts'
import { ABORTED } from './stories.ts'

function evidence(parts: Partial<Evidence>): Evidence {
  return evidenceOf({ port: 8080, ...parts })
}

const log = (path: string, ...lines: string[]) => ({ instanceId: 'i-1', path, lines })
const error = (message: string) => ({ severity: 'ERROR', message })
const output = (...lines: string[]) =>
  log('/var/log/eb-docker/containers/eb-current-app/eb-1-stdouterr.log', ...lines)
const refused = { url: 'http://shop.example/', status: 502, problem: undefined }

test('a failed build shows the end of the build’s own output, not the engine’s closing words', () => {
  const found = diagnose(
    evidence({
      events: [error('Instance deployment failed to build the Docker image. The deployment failed.')],
      logs: [
        log(
          '/var/log/eb-engine.log',
          '2026/11/22 17:00:00.000000 [INFO] Step 4/5 : RUN npm ci',
          'npm error code EUSAGE',
          "The command '/bin/sh -c npm ci' returned a non-zero code: 1",
          '2026/11/22 17:00:01.000000 [ERROR] An error occurred during execution of command [app-deploy]',
          '2026/11/22 17:00:01.000000 [INFO] CommandService Response: {"status":"FAILURE"}',
        ),
      ],
    }),
  )
  expect(found.code).toBe('LUC-DEPLOY-BUILD-FAILED')
  expect(found.evidence.at(-1)).toContain('returned a non-zero code: 1')
  expect(found.evidence).toContain('npm error code EUSAGE')
})

test('a container that ended shows the application’s last words', () => {
  const found = diagnose(
    evidence({
      events: [error('Instance deployment: The Docker container unexpectedly ended after it was started.')],
      logs: [output('DATABASE_URL is not set')],
    }),
  )
  expect(found).toMatchObject({ code: 'LUC-DEPLOY-CONTAINER-ENDED', evidence: ['DATABASE_URL is not set'] })
})

test('an application that says it listens on 127.0.0.1 and is not reached is named for that', () => {
  const found = diagnose(evidence({ answer: refused, logs: [output('listening on http://127.0.0.1:8080')] }))
  expect(found.code).toBe('LUC-DEPLOY-LOOPBACK-ONLY')
  expect(found.next[0]).toContain('0.0.0.0:8080')
})

test('a port that nobody answers on is named with the port', () => {
  const found = diagnose(evidence({ answer: refused, logs: [output('listening on 3000')] }))
  expect(found.code).toBe('LUC-DEPLOY-PORT')
  expect(found.cause).toContain('8080')
})

test('an application that answers with an error is not taken for one that doesn’t answer', () => {
  const found = diagnose(evidence({ answer: { url: 'http://x/health', status: 500, problem: undefined } }))
  expect(found.code).toBe('LUC-DEPLOY-ANSWER')
})

test('a failure that nobody knows says so, and shows Beanstalk’s own words', () => {
  const found = diagnose(
    evidence({ events: [error('Something new happened.'), error('Failed to deploy application.')] }),
  )
  expect(found).toMatchObject({ code: 'LUC-DEPLOY-UNKNOWN', evidence: ['Something new happened.'] })
})

test.each([
  ['on one instance', [{ id: 'i-1', version: 'v2', deploymentStatus: 'failed' }]],
  [
    'on instances that are all alike',
    ['i-1', 'i-2'].map((id) => ({ id, version: 'v2', deploymentStatus: 'failed' })),
  ],
  ['and nobody can tell what instances run', undefined],
])('a failure that nobody knows is no mixed fleet: %s', (_, fleet) => {
  const words = '2026/11/22 17:00:05.000000 [ERROR] An error occurred: something new'
  const found = diagnose(
    evidence({
      fleet,
      events: [error('Failed to deploy application.'), error(ABORTED)],
      healthCauses: ['Incorrect application version found on all instances. Expected version "v1".'],
      logs: [log('/var/log/eb-engine.log', words)],
    }),
  )
  expect(found).toMatchObject({ code: 'LUC-DEPLOY-UNKNOWN', confidence: 'unknown' })
  expect(found.evidence).toContain(words)
})

test('a port that nobody knows is told in a whole sentence', () => {
  const found = diagnose(evidence({ port: undefined, answer: refused }))
  expect(found.cause).toBe('Nothing answers on the port of the container that the proxy forwards to')
})

test('no diagnosis shows more than twelve lines', () => {
  const lines = Array.from({ length: 100 }, (_, at) => `line ${at}`)
  const found = diagnose(
    evidence({
      events: [error('The Docker container unexpectedly ended after it was started.')],
      logs: [output(...lines)],
    }),
  )
  expect(found.evidence).toEqual(lines.slice(-12))
})

test('the line that tells is shown, and stack frames are not', () => {
  const frames = Array.from(
    { length: 20 },
    (_, at) => `    at Module.load (node:internal/modules/cjs/loader:${at}:14)`,
  )
  const found = diagnose(
    evidence({
      events: [error('The Docker container unexpectedly ended after it was started.')],
      logs: [
        output(
          'starting orders 1.4',
          'Error: connect ECONNREFUSED 10.0.3.7:5432',
          ...frames,
          "Emitted 'error' event on Socket instance at:",
          '  errno: -111,',
          "  code: 'ECONNREFUSED',",
          '}',
          'Node.js v24.1.0',
        ),
      ],
    }),
  )
  expect(found.cause).toContain('10.0.3.7:5432')
  expect(found.evidence).toEqual(['starting orders 1.4', 'Error: connect ECONNREFUSED 10.0.3.7:5432'])
})

test('what an application goes on saying after the line that tells does not push it out', () => {
  const lines = ['DATABASE_URL is not set', ...Array.from({ length: 30 }, (_, at) => `hint ${at}`)]
  const found = diagnose(
    evidence({
      events: [error('The Docker container unexpectedly ended after it was started.')],
      logs: [output(...lines)],
    }),
  )
  expect(found.evidence).toEqual([lines[0], '… 20 lines left out', ...lines.slice(-10)])
})

test('an error is shown with the first line of its stack, however much was said before and after it', () => {
  const before = Array.from({ length: 200 }, (_, at) => `request ${at}: 0 errors`)
  const after = Array.from({ length: 30 }, (_, at) => `shutdown step ${at}`)
  const found = diagnose(
    evidence({
      events: [error('The Docker container unexpectedly ended after it was started.')],
      logs: [
        output(
          ...before,
          'Unhandled: Error: self-signed certificate in certificate chain',
          '    at TLSSocket.onConnectSecure (node:_tls_wrap:1679:34)',
          '    at connect (/app/dist/payments.js:14:9)',
          '    at start (/app/dist/main.js:3:1)',
          ...after,
        ),
      ],
    }),
  )
  expect(found.evidence).toEqual([
    'Unhandled: Error: self-signed certificate in certificate chain',
    '    at connect (/app/dist/payments.js:14:9)',
    '… 21 lines left out',
    ...after.slice(-9),
  ])
})

test('of many errors the first and the last ones are shown', () => {
  const lines = Array.from({ length: 60 }, (_, at) => (at % 3 === 0 ? `error ${at}` : `step ${at}`))
  const found = diagnose(
    evidence({
      events: [error('The Docker container unexpectedly ended after it was started.')],
      logs: [output(...lines)],
    }),
  )
  expect(found.evidence[0]).toBe('error 0')
  expect(found.evidence).toContain('error 57')
  expect(found.evidence.length).toBeLessThanOrEqual(12)
})

test.each([
  'error: password authentication failed for user "orders"',
  "ER_ACCESS_DENIED_ERROR: Access denied for user 'orders'@'10.0.3.9'",
])('refused credentials give no hint on addresses and security groups: %s', (line) => {
  const events = [error('The Docker container unexpectedly ended after it was started.')]
  const { next } = diagnose(evidence({ events, logs: [output(line)] }))
  expect(next.join('\n')).not.toMatch(/address|security group/)
  expect(next[0]).toMatch(/^lucree env list /)
})

test('a variable whose value is wrong is not called missing', () => {
  const events = [error('The Docker container unexpectedly ended after it was started.')]
  const lines = ['"path": ["PORT_OF_API"],', '"message": "Invalid input: expected number, received NaN"']
  expect(diagnose(evidence({ events, logs: [output(...lines)] })).rule).toBe('the container ended')
})
