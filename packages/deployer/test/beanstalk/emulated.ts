import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type Emulator, startEmulator } from '@lucree/emulator'
import { connect } from '../../src/aws/connect.ts'
import { type Clock, systemClock } from '../../src/clock.ts'
import { Sensitive } from '../../src/config/sensitive.ts'
import type { Progress, ProgressEvent } from '../../src/deploy/progress.ts'
import type { Tools } from '../../src/deploy/tools.ts'

/** An account on this machine, reached as lucree reaches one: the real ports on the real server. */
export interface Account {
  emulator: Emulator
  cloud: ReturnType<typeof connect>
  /** Tools of one lucree; each call is another one. */
  tools(options?: { clock?: Clock; signal?: AbortSignal }): Tools & { said: ProgressEvent[] }
  close(): Promise<void>
}

export async function openEmulated(): Promise<Account> {
  const dir = await mkdtemp(join(tmpdir(), 'lucree-deployer-'))
  const emulator = await startEmulator({ dir, runtime: 'process' })
  const { region, url } = emulator
  const { accessKeyId, secretAccessKey } = emulator.credentials
  const cloud = connect({
    region,
    endpoint: url,
    credentials: { accessKeyId, secretAccessKey: new Sensitive(secretAccessKey) },
  })
  return {
    emulator,
    cloud,
    tools: ({ clock = systemClock, signal = new AbortController().signal } = {}) => {
      const said: ProgressEvent[] = []
      const progress: Progress = { emit: (event) => void said.push(event) }
      const deadline = clock.now() + 600_000
      return {
        ...{ cloud, clock, progress, signal, deadline, said },
        intervalMs: 250,
        graceMs: 1_000,
        steadyMs: 0,
        probeMs: 100,
      }
    },
    close: async () => {
      await emulator.close()
      await rm(dir, { recursive: true, force: true })
    },
  }
}

/** Somewhere else for each contender. */
export function originOf(host: string, ciUrl?: string) {
  return { host, pid: 4711, ciUrl, lucree: '0.1.0' }
}
