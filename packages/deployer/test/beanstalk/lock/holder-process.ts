import { open, rm } from 'node:fs/promises'
import { setTimeout as delay } from 'node:timers/promises'
import { connect } from '../../../src/aws/connect.ts'
import type { LockTimes } from '../../../src/beanstalk/lock/acquire.ts'
import { closeRelease, openRelease } from '../../../src/beanstalk/releases/release.ts'
import { systemClock } from '../../../src/clock.ts'
import { Sensitive } from '../../../src/config/sensitive.ts'
import { silentProgress } from '../../../src/deploy/progress.ts'
import { withLock } from '../../../src/deploy/with-lock.ts'

/** What a test asks one of these processes for. */
export interface Holding {
  url: string
  region: string
  accessKeyId: string
  secretAccessKey: string
  environment: string
  times: LockTimes
  /** How long it stays inside, ms. */
  stayMs: number
  /** A file that may only be there while somebody is inside. */
  sign: string
}

/** A lucree in a process of its own: waits for the lock, makes a release, and says on standard output when it is inside. */
const { url, region, environment, times, stayMs, sign, ...keys } = JSON.parse(
  process.argv[2] ?? '',
) as Holding
const signal = new AbortController().signal
const cloud = connect({
  region,
  endpoint: url,
  credentials: { accessKeyId: keys.accessKeyId, secretAccessKey: new Sensitive(keys.secretAccessKey) },
})
const tools = {
  ...{ cloud, clock: systemClock, progress: silentProgress, signal },
  ...{ deadline: systemClock.now() + 60_000, intervalMs: 250, graceMs: 0, steadyMs: 0, probeMs: 100 },
}
const origin = { host: 'here', pid: process.pid, ciUrl: undefined, lucree: '0.1.0' }
const target = { application: 'shop', environment, region }
const options = { settings: [], properties: [], secrets: [], fingerprintKey: null }
const request = { command: 'lucree deploy', options, message: undefined, revision: undefined }

await withLock(tools, { target, command: 'lucree deploy', waitMs: 60_000, origin, times }, async (lease) => {
  const history = { documents: cloud.documents, bundles: cloud.bundles, place: lease.place }
  const making = { history, lease, clock: systemClock }
  // Fails when somebody else is inside.
  await (await open(sign, 'wx')).close()
  const release = await openRelease(making, { ...request, version: undefined, bundle: undefined }, signal)
  console.log(`inside ${release.record.number}`)
  await delay(stayMs)
  await closeRelease(making, release, { outcome: 'deployed' })
  await rm(sign)
})
