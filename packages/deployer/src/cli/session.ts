import type { LocalRuntime } from '../account/checks/engine.ts'
import type { AccountCloud } from '../account/ports.ts'
import { connect } from '../aws/connect.ts'
import type { Clock } from '../clock.ts'
import { loadProject, type Project } from '../config/project-file.ts'
import { resolveTarget } from '../config/resolve-target.ts'
import type { DeployTarget } from '../config/target.ts'
import type { Progress } from '../deploy/progress.ts'
import { commandLine } from './command-line.ts'
import { type CloudFlags, DEFAULT_STEADY_MS, DEFAULT_TIMEOUT_MS } from './flags.ts'
import type { LocalServer } from './local/server.ts'

/** All that a command on a cloud works with. */
export interface Session {
  project: Project
  target: DeployTarget
  cloud: AccountCloud
  clock: Clock
  progress: Progress
  /** Aborted by Ctrl-C. */
  signal: AbortSignal
  /** Longest time to wait, from `--timeout`. */
  timeoutMs: number
  /** How long a version must go on answering, from `--steady`. */
  steadyMs: number
  /** The embedded Beanstalk, with `--local`. */
  local: LocalServer | undefined
  /** What runs applications there. */
  runtime: LocalRuntime | undefined
  /** Another command of lucree's for the same target, as one types it: `lucree status --local`. */
  commandLine(command: string): string
}

export interface SessionOptions {
  flags: CloudFlags
  anyEnvironment: boolean
  allowsUnlisted: boolean
  cwd: string
  environment: Record<string, string | undefined>
  clock: Clock
  progress: Progress
  signal: AbortSignal
}

/** Settles what was asked and connects: with `--local` to the embedded Beanstalk, started when it isn't running, else to AWS as its SDK finds it. */
export async function openSession(options: SessionOptions): Promise<Session> {
  const { flags, cwd, clock, progress, signal } = options
  const project = await loadProject(cwd)
  const target = await settle(project, options)
  const local = target.local ? await localServer(options) : undefined
  return {
    ...{ project, target, clock, progress, signal, local },
    runtime: local && { name: local.runtime, node: local.node },
    timeoutMs: flags.timeout ?? DEFAULT_TIMEOUT_MS,
    steadyMs: flags.steady ?? DEFAULT_STEADY_MS,
    cloud: local
      ? connect({ region: local.region, endpoint: local.url, credentials: local.credentials })
      : connect({ region: target.region, ...(flags.profile ? { profile: flags.profile } : {}) }),
    commandLine: (command) => commandLine(command, { ...flags, local: target.local }),
  }
}

/** The region of the AWS configuration files is only looked up when nothing else says it: reading them takes time. */
async function settle(
  project: Project,
  { flags, anyEnvironment, allowsUnlisted, environment }: SessionOptions,
): Promise<DeployTarget> {
  const needsRegion =
    !flags.local && !flags.region && !environment['AWS_REGION'] && !environment['AWS_DEFAULT_REGION']
  const profileRegion = needsRegion
    ? await (await import('../aws/profile-region.ts')).profileRegion(flags.profile)
    : undefined
  return resolveTarget({
    ...{ project, flags, anyEnvironment, allowsUnlisted, profileRegion },
    variables: environment,
  })
}

async function localServer({
  flags,
  environment,
  clock,
  signal,
  progress,
}: SessionOptions): Promise<LocalServer> {
  const { ensureServer } = await import('./local/start.ts')
  const { localStateDir } = await import('./local/state-dir.ts')
  const { server, started } = await ensureServer(
    { dir: localStateDir(environment), environment, runtime: flags.runtime },
    { clock, signal },
  )
  if (started) {
    progress.emit({
      kind: 'note',
      message: `Started the embedded Beanstalk at ${server.url} (${server.runtime})`,
    })
  }
  return server
}
