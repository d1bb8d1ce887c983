import { describe, expect, test } from 'vitest'
import type { BeanstalkEvent } from '../../src/beanstalk/ports.ts'
import { gatherEvidence, type Explained } from '../../src/deploy/evidence.ts'
import type { Tools } from '../../src/deploy/tools.ts'
import { Interrupted, PermissionError } from '../../src/errors.ts'
import { ManualClock } from '../manual-clock.ts'
import { addEnvironment, addRoles, addVersion, emulatedAccount } from './emulated-account.ts'

const target = { application: 'shop', environment: 'shop-production', variables: {} }

function event(at: string, requestId: string | undefined, message = ''): BeanstalkEvent {
  return { at: new Date(at), severity: 'INFO', requestId, message }
}

async function explained(tools: Tools, more: Partial<Explained> = {}): Promise<Explained> {
  const [environment] = await tools.cloud.beanstalk.describeEnvironments(target)
  return {
    target,
    change: { requestId: 'r-2', startedAt: new Date('2026-01-01') },
    ...{ events: [], environment, instances: undefined, answer: undefined, port: 8080 },
    ...more,
  }
}

test('what an environment left behind is gathered: logs, causes, type and secrets of its instances', async () => {
  const account = await emulatedAccount()
  await addRoles(account, 'shop')
  await addVersion(account, 'shop')
  await addEnvironment(account, 'shop', target.environment)
  const tools = account.tools()
  const { beanstalk } = tools.cloud
  const namespace = 'aws:elasticbeanstalk:application:environment'
  await beanstalk.updateEnvironment({
    environment: target.environment,
    settings: [
      { namespace, name: 'API_TOKEN', value: 'never-to-be-seen' },
      { namespace, name: 'GREETING', value: 'hello-to-everybody' },
      { namespace, name: 'TOKEN_HOURS', value: '300' },
      { namespace, name: 'NAME', value: target.environment },
    ],
  })
  for (let look = 0; look < 200; look += 1) {
    const [now] = await beanstalk.describeEnvironments(target)
    if (now?.status === 'Ready') break
    await tools.clock.sleep(50)
  }
  const evidence = await gatherEvidence(await explained(tools, { image: 'node:24' }), tools)
  expect(evidence.logs.map(({ path }) => path)).toContain('/var/log/eb-engine.log')
  expect(evidence.environment).toMatchObject({ status: 'Ready' })
  expect(evidence.secrets.map((secret) => secret.reveal())).toEqual(['never-to-be-seen'])
  expect(evidence.properties.map((property) => property.reveal())).toEqual(
    expect.arrayContaining(['hello-to-everybody', '300']),
  )
  expect(evidence.properties.map((property) => property.reveal())).not.toContain(target.environment)
  expect(JSON.stringify(evidence)).not.toMatch(/never-to-be-seen|hello-to-everybody/)
  expect(evidence.image).toEqual({ from: 'node:24' })
  expect((await beanstalk.describeResources(target.environment)).instances).toHaveLength(1)
})

describe('evidence', () => {
  const silent: Pick<Tools, 'progress' | 'intervalMs' | 'graceMs' | 'steadyMs' | 'probeMs'> = {
    progress: { emit: () => undefined },
    intervalMs: 1_000,
    graceMs: 0,
    steadyMs: 0,
    probeMs: 100,
  }
  const environment = { status: 'Updating', health: 'Red' } as Explained['environment']
  const never = () => new Promise<never>(() => undefined)
  const quiet: Record<string, unknown> = {
    describeResources: async () => ({ scalingGroups: [], loadBalancers: [], instances: [] }),
  }
  /** A cloud whose calls answer nothing but what is given: it is time and refusals that these tests are about. */
  const cloudOf = (calls: Record<string, Record<string, unknown>>): Tools['cloud'] =>
    new Proxy({} as Tools['cloud'], {
      get: (_, port: string) =>
        new Proxy({}, { get: (__, call: string) => calls[port]?.[call] ?? quiet[call] ?? (async () => []) }),
    })
  const toolsOf = (cloud: Tools['cloud'], signal = new AbortController().signal): Tools => ({
    ...silent,
    cloud,
    signal,
    clock: new ManualClock(),
    deadline: 0,
  })
  const of = (more: Partial<Explained> = {}): Explained => ({
    target,
    change: { requestId: 'r-2', startedAt: new Date('2026-11-22T09:00:00Z') },
    ...{ events: [], environment, instances: [], answer: undefined, port: undefined },
    ...more,
  })

  test('begins with the first event of the operation: the last one before it may be hours old', async () => {
    const events = [
      event('2026-11-22T09:30:00Z', undefined, 'Environment health has transitioned'),
      event('2026-11-22T17:00:00Z', 'r-2', 'Environment update is starting.'),
    ]
    const evidence = await gatherEvidence(of({ events }), toolsOf(cloudOf({})))
    expect(evidence.since).toEqual(new Date('2026-11-22T17:00:00Z'))
  })

  test('that may not be read is said and hides nothing of the rest', async () => {
    const denied = new PermissionError('RequestEnvironmentInfo is not allowed', { code: 'LUC-AWS-DENIED' })
    const cloud = cloudOf({
      beanstalk: {
        describeResources: async () => ({
          scalingGroups: ['group'],
          loadBalancers: ['arn:balancer', 'classic'],
          instances: ['i-1'],
        }),
        retrieveLogs: () => Promise.reject(denied),
        describeHealth: async () => ({ causes: ['Command failed on all instances.'] }),
      },
      scaling: {
        describeActivities: async (group: string) => [{ at: new Date(0), status: 'Failed', message: group }],
      },
      loadBalancing: {
        describeTargetHealth: async (balancer: string) => [{ target: balancer, state: 'unhealthy' }],
      },
    })
    const evidence = await gatherEvidence(of(), toolsOf(cloud))
    expect(evidence.withheld).toEqual([
      'The logs could not be fetched: RequestEnvironmentInfo is not allowed',
    ])
    expect(evidence.healthCauses).toEqual(['Command failed on all instances.'])
    expect(evidence.activities).toMatchObject([{ message: 'group' }])
    expect(evidence.targets).toMatchObject([{ target: 'arn:balancer' }])
  })

  test('that doesn’t come is waited for only so long', async () => {
    const aborted = (signal: AbortSignal) =>
      new Promise<never>((_, reject) => {
        signal.addEventListener('abort', () => reject(signal.reason as Error))
      })
    const cloud = cloudOf({
      beanstalk: { describeHealth: (_: string, signal: AbortSignal) => aborted(signal) },
    })
    const evidence = await gatherEvidence(of(), toolsOf(cloud))
    expect(evidence.withheld).toContain('The health did not come in 15 s')
  })

  test('is not gathered after Ctrl-C', async () => {
    const stop = new AbortController()
    stop.abort(new Interrupted())
    const cloud = cloudOf({ beanstalk: { describeHealth: () => Promise.reject(new Interrupted()) } })
    await expect(gatherEvidence(of(), toolsOf(cloud, stop.signal))).rejects.toBeInstanceOf(Interrupted)
  })

  test('of an environment that is gone is what was seen of it', async () => {
    const cloud = cloudOf({ beanstalk: { describeHealth: never } })
    const evidence = await gatherEvidence(of({ environment: undefined, port: 80 }), toolsOf(cloud))
    expect(evidence).toMatchObject({ port: 80, logs: [], environment: undefined })
  })
})
