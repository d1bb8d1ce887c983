import { existsSync } from 'node:fs'
import { join } from 'node:path'
import type { Clock } from '../clock.ts'
import { DockerRuntime } from './docker.ts'
import { BadDockerHost, Engine, NoEngine, parseDockerHost, type EngineAddress } from './engine.ts'
import { ProcessRuntime } from './process.ts'
import type { Runtime } from './runtime.ts'

export interface RuntimeChoice {
  want: 'auto' | 'docker' | 'process'
  /** What a server that was killed here ran bundles with: its applications may still run, so `auto` stays with it when that can be had. */
  before?: Runtime['name'] | undefined
  /** Directory for what the runtime keeps; inside the state directory. */
  dir: string
  clock: Clock
  log: (line: string) => void
  /** The value of DOCKER_HOST: `unix:///path` or `tcp://127.0.0.1:port`; only this one is asked when it is given. */
  dockerHost?: string
  /** The value of XDG_RUNTIME_DIR, where rootless engines have their sockets. */
  runtimeDir?: string
  /** Sockets of the machine's own engines. Default: where Docker and Podman have them. */
  systemSockets?: { docker: string[]; podman: string[] }
  /** The user's home directory, where desktop engines have their sockets. */
  home?: string
  /** Variables that builds need to reach registries: proxies, certificates, npm's own configuration. */
  buildEnv?: Record<string, string>
  /** The engine's network for RUN steps, as `docker build --network`; the engine's default when it is left out. */
  buildNetwork?: string
}

/** How long an engine may take to say that it is there, in milliseconds. */
const ANSWER_WITHIN = 250

/**
 * Chooses what runs the bundles. `auto` takes an engine if one answers on its socket (a `docker` command isn't asked: it may be a
 * mere client), else processes of this machine. Throws {@link BadDockerHost} when DOCKER_HOST names one and it can't be used: whoever sets it means it.
 * Throws {@link NoEngine}, which names the sockets, when `docker` is wanted and none answers.
 */
export async function chooseRuntime(choice: RuntimeChoice): Promise<Runtime> {
  const { want, before, log } = choice
  if (want === 'process') return withProcesses(choice)
  if (want === 'auto' && before === 'process') {
    log('bundles run as processes of this machine, as they did when the server was killed')
    return withProcesses(choice)
  }
  const engine = await findEngine(choice)
  if (engine) return withEngine(engine, choice)
  if (choice.dockerHost) throw new BadDockerHost(choice.dockerHost, ', but no container engine answers there')
  if (want === 'docker') throw new NoEngine(candidates(choice))
  log('no container engine answers: bundles run as processes of this machine')
  return withProcesses(choice)
}

/**
 * Ends what an earlier server of this directory left running with another runtime than the chosen one, which knows nothing of it, and removes what
 * that was built from. Containers of an engine that doesn't answer are left to the server that has it again; what can't be ended is told in the log.
 */
export async function endOthers(chosen: Runtime['name'], choice: RuntimeChoice): Promise<void> {
  const other = chosen === 'docker' ? 'process' : 'docker'
  if (!existsSync(join(choice.dir, other))) return
  try {
    await sweepOther(other, choice)
  } catch (error) {
    choice.log(`what ran with ${other} could not be ended: ${(error as Error).message}`)
  }
}

async function sweepOther(other: Runtime['name'], choice: RuntimeChoice): Promise<void> {
  if (other === 'process') return withProcesses(choice).sweep([], [])
  const engine = await findEngine(choice)
  if (engine) await withEngine(engine, choice).sweep([], [])
}

const withProcesses = ({ dir, clock, buildEnv = {} }: RuntimeChoice): ProcessRuntime =>
  new ProcessRuntime({ dir: join(dir, 'process'), clock, buildEnv })

function withEngine(engine: Engine, choice: RuntimeChoice): DockerRuntime {
  const { dir, clock, buildEnv = {}, buildNetwork } = choice
  return new DockerRuntime({
    engine,
    dir: join(dir, 'docker'),
    clock,
    buildArgs: proxyArgs(buildEnv),
    ...(buildNetwork === undefined ? {} : { buildNetwork }),
  })
}

/** Proxies are predefined build arguments of every engine; nothing else of this machine goes into a container's build. */
function proxyArgs(buildEnv: Record<string, string>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(buildEnv).filter(([name]) => /^(https?|no|all|ftp)_proxy$/i.test(name)),
  )
}

async function findEngine({ clock, ...choice }: RuntimeChoice): Promise<Engine | undefined> {
  // All at once: what isn't there costs nothing, and what hangs costs the limit once.
  const asked = candidates(choice).map(async (address) => {
    const engine = new Engine(address, clock)
    return (await engine.answers(ANSWER_WITHIN)) ? engine : undefined
  })
  for (const engine of asked) {
    const found = await engine
    if (found) return found
  }
  return undefined
}

const SYSTEM = { docker: ['/var/run/docker.sock'], podman: ['/run/podman/podman.sock'] }

type Places = Pick<RuntimeChoice, 'dockerHost' | 'runtimeDir' | 'systemSockets' | 'home'>

function candidates(choice: Places): EngineAddress[] {
  const { dockerHost, runtimeDir, home, systemSockets = SYSTEM } = choice
  if (dockerHost !== undefined && dockerHost !== '') return [parseDockerHost(dockerHost)]
  // The user's own engine goes before the machine's, Docker before Podman.
  const sockets = [
    ...(runtimeDir ? [join(runtimeDir, 'docker.sock')] : []),
    ...systemSockets.docker,
    ...(runtimeDir ? [join(runtimeDir, 'podman/podman.sock')] : []),
    ...systemSockets.podman,
  ]
  if (home) {
    const desktop = [
      '.docker/run/docker.sock',
      '.orbstack/run/docker.sock',
      '.colima/default/docker.sock',
      '.rd/docker.sock',
    ]
    sockets.push(...desktop.map((path) => join(home, path)))
  }
  return sockets.map((socketPath) => ({ socketPath }))
}
