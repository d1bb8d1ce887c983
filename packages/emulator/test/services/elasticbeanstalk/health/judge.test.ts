import { expect, test } from 'vitest'
import { checkOf } from '../../../../src/services/elasticbeanstalk/health/check.ts'
import { judgeEnvironment, judgeInstance } from '../../../../src/services/elasticbeanstalk/health/judge.ts'
import { createMetrics } from '../../../../src/services/elasticbeanstalk/health/metrics.ts'
import { spokenDuration } from '../../../../src/services/elasticbeanstalk/health/spoken.ts'
import { count, newTally } from '../../../../src/services/elasticbeanstalk/health/tally.ts'
import type { Environment, Instance } from '../../../../src/services/elasticbeanstalk/state/model.ts'

const at = '2026-11-22T12:00:00.000Z'
const instance = (id: string, change: Partial<Instance> = {}): Instance => ({
  id,
  launchedAt: at,
  zone: 'us-east-1a',
  type: 't3.micro',
  inService: true,
  commandFailed: false,
  deployment: { label: 'v1', id: 1, status: 'deployed', at },
  container: { id: `container-${id}`, host: '127.0.0.1', hostPort: 1 },
  ...change,
})
const environment = (instances: Instance[], change: Partial<Environment> = {}) =>
  ({ id: 'e-1', versionLabel: 'v1', deploymentId: 1, settings: [], instances, ...change }) as Environment
const seen = (passing: boolean | undefined, running = true) => ({ passing, running })

test('an environment is as healthy as its instances', () => {
  const two = environment([instance('i-1'), instance('i-2')])
  const judge = (first: boolean, second: boolean) =>
    judgeEnvironment(
      two,
      new Map([
        ['i-1', seen(first)],
        ['i-2', seen(second)],
      ]),
    )
  expect(judge(true, true)).toEqual({ status: 'Ok', causes: [] })
  expect(judge(true, false)).toEqual({
    status: 'Degraded',
    causes: ['ELB processes are not healthy on 1 out of 2 instances.'],
  })
  expect(judge(false, false)).toEqual({
    status: 'Severe',
    causes: ['ELB processes are not healthy on all instances.'],
  })
})

test('a container that ended is another cause than one that doesn’t answer', () => {
  const one = environment([instance('i-1')])
  const { status, causes } = judgeEnvironment(one, new Map([['i-1', seen(false, false)]]))
  expect({ status, causes }).toEqual({ status: 'Severe', causes: ['Impaired services on all instances.'] })
  expect(judgeInstance(one, one.instances[0]!, seen(false, false)).causes).toEqual([
    'Following services are not running: eb-docker.',
  ])
})

test('an instance that succeeded in a deployment that failed elsewhere runs the wrong version', () => {
  const ahead = instance('i-1', { deployment: { label: 'v2', id: 2, status: 'deployed', at } })
  const mixed = environment([ahead, instance('i-2')])
  expect(judgeInstance(mixed, ahead, seen(true))).toEqual({
    id: 'i-1',
    status: 'Degraded',
    causes: ['Incorrect application version "v2" (deployment 2). Expected version "v1" (deployment 1).'],
  })
})

test('a check’s verdict turns after as many results in a row as it asks for', () => {
  const check = checkOf([{ namespace: 'aws:autoscaling:asg', name: 'MinSize', value: '1' }])
  expect(check).toMatchObject({ path: '/', healthyCount: 3, unhealthyCount: 5 })
  const verdicts = (results: boolean[]) => {
    let tally = newTally('c')
    return results.map((ok) => (tally = count(tally, ok, true, check)).passing)
  }
  expect(verdicts([true, false, false, false, false, false])).toEqual([true, true, true, true, true, false])
  expect(verdicts([false, false, false, false, false, true, true, true]).slice(-3)).toEqual([
    false,
    false,
    true,
  ])
})

test.each([
  ['200', 200, true],
  ['200', 301, false],
  ['200,301', 301, true],
  ['200-299', 204, true],
  ['200-299,401', 401, true],
  ['200-299', 300, false],
])('the matcher %s takes %i: %s', (codes, status, accepted) => {
  const namespace = 'aws:elasticbeanstalk:environment:process:default'
  expect(checkOf([{ namespace, name: 'MatcherHTTPCode', value: codes }]).accepts(status)).toBe(accepted)
})

test('metrics cover ten seconds', () => {
  const metrics = createMetrics()
  const now = new Date(at)
  const ago = (seconds: number) => new Date(now.getTime() - seconds * 1000)
  metrics.add('i-1', { at: ago(11), status: 500, durationMs: 9000 })
  metrics.add('i-1', { at: ago(9), status: 200, durationMs: 100 })
  metrics.add('i-2', { at: ago(1), status: 404, durationMs: 300 })
  expect(metrics.of(['i-1', 'i-2'], now)).toMatchObject({
    Duration: 10,
    RequestCount: 2,
    StatusCodes: { Status2xx: 1, Status3xx: 0, Status4xx: 1, Status5xx: 0 },
    Latency: { P50: 0.3, P10: 0.1 },
  })
  expect(metrics.of(['i-3'], now)).toEqual({ RequestCount: 0 })
})

test('durations are told as the service tells them', () => {
  expect([1, 12, 119, 120, 3000, 7200].map(spokenDuration)).toEqual([
    '1 second',
    '12 seconds',
    '119 seconds',
    '2 minutes',
    '50 minutes',
    '2 hours',
  ])
})
