import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach } from 'vitest'
import { openAccount } from '../../src/account.ts'
import { systemClock, type Clock } from '../../src/clock.ts'
import { listenOnLoopback } from '../../src/http/listen.ts'
import { closeServer, createHttpServer } from '../../src/http/server.ts'
import { createRoutes } from '../../src/routes.ts'
import { openIam } from '../../src/services/iam/index.ts'
import { overQuery, overS3 } from '../../src/services/open.ts'
import { DiskStore } from '../../src/services/s3/disk/store.ts'
import type { QueryService } from '../../src/services/service.ts'
import { sts } from '../../src/services/sts/index.ts'

export const region = 'us-east-1'

const undo: (() => Promise<unknown>)[] = []

afterEach(async () => {
  for (const step of undo.splice(0).reverse()) await step()
})

/** A directory that is gone after the test. */
export async function scratch(): Promise<string> {
  const dir = await mkdtemp(join(tmpdir(), 'lucree-emulator-'))
  undo.push(() => rm(dir, { recursive: true, force: true }))
  return dir
}

export interface LocalAccountOptions {
  dir?: string
  services?: QueryService[]
  clock?: Clock
}

/** The protocols over real HTTP with the services that a test names beside S3 and STS; closed after the test. */
export async function localAccount({
  services = [],
  clock = systemClock,
  ...rest
}: LocalAccountOptions = {}) {
  const dir = rest.dir ?? (await scratch())
  const lines: string[] = []
  const account = await openAccount(dir)
  const iam = await openIam({ dir, account, clock })
  const around = {
    account,
    scenario: account.scenario,
    access: iam.access,
    region,
    clock,
    log: (line: string) => void lines.push(line),
  }
  const store = await DiskStore.open({ dir: join(dir, 's3'), ...around })
  const identity = { service: 'test' }
  const hosted = [
    ...[sts, iam.service, ...services].map((service) => overQuery(service, around)),
    overS3(store, around),
  ]
  const server = createHttpServer(createRoutes({ around, services: hosted, identity }), around.log)
  const port = await listenOnLoopback(server, { preferred: [] })
  const close = () => closeServer(server, systemClock)
  undo.push(() => (server.listening ? close() : Promise.resolve()))
  const url = `http://127.0.0.1:${port}`
  const { credentials } = account
  return {
    dir,
    url,
    account,
    store,
    lines,
    close,
    client: { endpoint: url, region, credentials, maxAttempts: 1 },
  }
}
