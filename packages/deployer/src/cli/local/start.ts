import { PlatformError, UsageError } from '../../errors.ts'
import { accountKind, withAccount } from './account-kind.ts'
import { launch, type LaunchOptions } from './launch.ts'
import { type Around, findServer, type LocalServer } from './server.ts'

const LOOK_EVERY_MS = 100
/** Another start of the same moment has this long to be ready. */
const RIVAL_WITHIN_MS = 60_000

/** The server of the state directory, started if none runs. Of two that start it at the same time one does, and the other uses it. */
export async function ensureServer(
  options: LaunchOptions,
  around: Around,
): Promise<{ server: LocalServer; started: boolean }> {
  const running = await findServer(options.dir, around)
  if (running) return { server: asAsked(running, options), started: false }
  const started = await launch(options, around)
  return { server: asAsked(await waitForServer(options.dir, around), options), started }
}

const asAsked = (server: LocalServer, options: LaunchOptions): LocalServer =>
  withAccount(withRuntime(server, options), accountKind(options.account, options.environment))

/** Refuses a server that runs applications in another way than was asked: only a start chooses, and builds again what was deployed. */
function withRuntime(server: LocalServer, { runtime }: LaunchOptions): LocalServer {
  if (runtime === undefined || runtime === 'auto' || runtime === server.runtime) return server
  throw new UsageError(`The embedded Beanstalk runs applications with ${server.runtime}, not ${runtime}`, {
    code: 'LUC-LOCAL-RUNTIME',
    why: 'it was started so, and a server that runs keeps it; started with another, it builds what was deployed again',
    hints: [
      `lucree local stop && lucree local start --runtime ${runtime}`,
      'LUCREE_LOCAL_DIR=<another directory> for one beside it',
    ],
  })
}

async function waitForServer(dir: string, around: Around): Promise<LocalServer> {
  const { clock, signal } = around
  const deadline = clock.now() + RIVAL_WITHIN_MS
  for (;;) {
    const server = await findServer(dir, around)
    if (server) return server
    if (clock.now() >= deadline) throw unresponsive(dir)
    await clock.sleep(LOOK_EVERY_MS, signal)
  }
}

function unresponsive(dir: string): PlatformError {
  return new PlatformError('The embedded Beanstalk does not answer', {
    code: 'LUC-LOCAL-UNRESPONSIVE',
    why: `a process holds ${dir}, and no server answers for it`,
    hints: ['lucree local stop', 'lucree local start'],
  })
}
