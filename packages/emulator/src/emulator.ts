import { randomBytes } from 'node:crypto'
import { join } from 'node:path'
import { openAccount } from './account.ts'
import { systemClock, type Clock } from './clock.ts'
import { Closing } from './closing.ts'
import { EmulatorError } from './errors.ts'
import { answerFaults, FAULTS_PATH } from './faults/endpoint.ts'
import { openFaults, type FaultControl } from './faults/index.ts'
import { DEFAULT_PORT, listenOnLoopback } from './http/listen.ts'
import { closeServer, createHttpServer } from './http/server.ts'
import type { Credentials } from './http/credentials.ts'
import type { HttpRequest } from './http/request.ts'
import { silent, type Log } from './log.ts'
import type { Pace } from './pace.ts'
import { createRoutes } from './routes.ts'
import { chooseRuntime, endOthers, type RuntimeChoice } from './runtime/choose.ts'
import { BadDockerHost, NoEngine } from './runtime/engine.ts'
import type { Runtime } from './runtime/runtime.ts'
import { inventoryOf } from './services/hosted.ts'
import { openIam } from './services/iam/index.ts'
import { openServices } from './services/open.ts'
import { DiskStore } from './services/s3/disk/store.ts'
import { openStateDirectory, type StateDirectory } from './state/directory.ts'
import { removeServerRecord, writeServerRecord } from './state/server-record.ts'
import { version } from './version.ts'

export interface EmulatorOptions {
  /** The state directory: one account. Made (0700) when it isn't there. */
  dir: string
  /** This port or none. Without it: the one of last time, 4780, or any free one. */
  port?: number
  /** What runs the bundles; `auto` stays with what a killed server here had, else takes an engine if one answers. Default `auto`. */
  runtime?: 'auto' | 'docker' | 'process'
  /** Default `fast`. */
  pace?: Pace
  /** The region that the account lives in. Default `us-east-1`. */
  region?: string
  /** The kind of account, see {@link Scenario}; a directory keeps the one that it was made with. Default: what it is, or `new`. */
  account?: string
  clock?: Clock
  log?: Log
  /** Ends the process as by kill -9, for the faults that do; without it those can't be armed. */
  kill?: () => void
  /** Where engines are looked for, and what builds may know of this machine. */
  machine?: Machine
}

/** What the runtimes are told of the machine; nothing of it is looked up by itself. */
export type Machine = Pick<RuntimeChoice, 'dockerHost' | 'runtimeDir' | 'home' | 'buildEnv' | 'buildNetwork'>

/** A running emulator. */
export interface Emulator {
  /** The endpoint of every service, without a trailing slash. */
  url: string
  region: string
  accountId: string
  /** What requests are signed with. */
  credentials: Credentials
  /** `docker` or `process`. */
  runtime: Runtime['name']
  /** Everything that the account's users have made and not removed, over all services: sorted ARNs, and `s3://bucket/key` for objects. */
  inventory(): Promise<string[]>
  /** What steers the emulator itself. */
  control: { faults: FaultControl }
  /** Finishes what is in flight and stops, the applications too; the next start on the directory starts them again. */
  close(): Promise<void>
}

/**
 * Starts an account on this machine, on one port of 127.0.0.1. Throws {@link EmulatorError}: `AlreadyRunning`, `PortInUse`, `PortNotAllowed`,
 * `StateUnreadable`, `StateNotWritable`, `InvalidOption`, `OtherAccount`, `DockerHost`, `NoEngine`. When it throws, nothing is left running.
 */
export async function startEmulator(options: EmulatorOptions): Promise<Emulator> {
  checkOptions(options)
  const closing = new Closing()
  try {
    const state = await openStateDirectory(options.dir)
    closing.add(() => state.release())
    return await serve(options, state, closing)
  } catch (cause) {
    // why it didn't start counts more than what then failed in tidying up
    await closing.run().catch((second: unknown) => options.log?.(`while giving up: ${String(second)}`))
    throw cause
  }
}

async function serve(options: EmulatorOptions, state: StateDirectory, closing: Closing): Promise<Emulator> {
  const { region = 'us-east-1', clock = systemClock, log = silent } = options
  const { dir } = state
  const account = await openAccount(dir, options.account)
  const iam = await openIam({ dir, account, clock, usersOf: () => beanstalk.usersOf() })
  const around = { account, scenario: account.scenario, access: iam.access, region, clock, log }
  const store = await DiskStore.open({ dir: join(dir, 's3'), ...around })

  const startedAt = clock.now().toISOString()
  const runtime = await runtimeFor(options, state, around)
  const pace = options.pace ?? 'fast'
  const nameOf = (id: string) => beanstalk.nameOf(id)
  const faults = await openFaults({ dir, clock, nameOf, kill: options.kill })
  const opened = { around, dir, store, iam, runtime, pace, faults: faults.life }
  const { services, beanstalk } = await openServices(opened)
  closing.add(() => beanstalk.close())
  await beanstalk.resume()
  const identity = {
    service: 'lucree-emulator',
    version,
    directory: state.fingerprint,
    pid: process.pid,
    startedAt,
  }
  const token = randomBytes(32).toString('base64url')
  const answered = services.map((service) => faults.around(service))
  const control = new Map([
    [FAULTS_PATH, (request: HttpRequest) => answerFaults(faults.register, token, request)],
  ])
  const server = createHttpServer(createRoutes({ around, services: answered, identity, control }), log)
  const port = await listenOnLoopback(server, ports(options, state))
  closing.add(() => closeServer(server, systemClock))
  closing.add(async () => faults.close())
  await state.rememberPort(port)

  const url = `http://127.0.0.1:${port}`
  const engine = await runtime.describe()
  await writeServerRecord(dir, {
    ...{ pid: process.pid, url, startedAt, runtime: runtime.name, engine, version, token },
    node: process.version,
  })
  closing.add(() => removeServerRecord(dir))
  log(
    `listening on ${url}, ${engine}, account ${account.accountId} (${account.scenario.name}), region ${region}, version ${version}`,
  )
  return {
    url,
    region,
    accountId: account.accountId,
    credentials: { ...account.credentials },
    runtime: runtime.name,
    inventory: () => inventoryOf(services),
    control: { faults: faults.control },
    close: () => closing.run(),
  }
}

async function runtimeFor(
  { runtime: want = 'auto', machine }: EmulatorOptions,
  { dir, killed }: StateDirectory,
  { clock, log }: { clock: Clock; log: Log },
): Promise<Runtime> {
  const choice = { want, before: killed?.runtime, dir: join(dir, 'runtime'), clock, log, ...machine }
  try {
    const chosen = await chooseRuntime(choice)
    await endOthers(chosen.name, choice)
    return chosen
  } catch (cause) {
    if (cause instanceof NoEngine) throw new EmulatorError('NoEngine', cause.message, { cause })
    if (cause instanceof BadDockerHost) throw new EmulatorError('DockerHost', cause.message, { cause })
    throw cause
  }
}

const ports = ({ port }: EmulatorOptions, { lastPort }: StateDirectory) => ({
  ...(port === undefined ? {} : { exact: port }),
  preferred: lastPort === undefined ? [DEFAULT_PORT] : [lastPort, DEFAULT_PORT],
})

function checkOptions({ port, pace, region }: EmulatorOptions): void {
  if (port !== undefined && !(Number.isInteger(port) && port >= 1 && port <= 65_535)) {
    throw new EmulatorError('InvalidOption', `A port is a number from 1 to 65535, not ${port}.`)
  }
  if (typeof pace === 'number' && !(pace >= 0 && Number.isFinite(pace))) {
    throw new EmulatorError('InvalidOption', `A pace is fast, real, or a factor from 0 up, not ${pace}.`)
  }
  if (region !== undefined && !/^[a-z]{2,4}(-[a-z]+)+-\d$/.test(region)) {
    throw new EmulatorError('InvalidOption', `A region has a name like us-east-1, not ${region}.`)
  }
}
