import { execFile, spawnSync } from 'node:child_process'
import { promisify } from 'node:util'

const execute = promisify(execFile)

/** The client that reaches the engine of the lane, as `npm test` found it out, or the first that does. */
function findClient(): 'docker' | 'podman' {
  const clients = ['docker', 'podman'] as const
  const named = clients.find((client) => client === process.env['LUCREE_ENGINE_CLIENT'])
  const found =
    named ?? clients.find((client) => spawnSync(client, ['version'], { timeout: 30_000 }).status === 0)
  if (!found) throw new Error('The container lane needs an engine: neither docker nor podman reaches one.')
  return found
}

/** The client's command. */
export const engine = findClient()

/** Runs the engine's client and answers what it wrote to stdout, without the last newline; its stderr is in the error when it fails. */
export async function run(...args: string[]): Promise<string> {
  const { stdout } = await execute(engine, args, { timeout: 120_000, maxBuffer: 16 * 1024 * 1024 })
  return stdout.trimEnd()
}

/** All that a container wrote, stderr included. */
export async function logs(id: string): Promise<string> {
  const { stdout, stderr } = await execute(engine, ['logs', id], { timeout: 30_000 })
  return stdout + stderr
}

/** Asks `state` every 100 ms until it says `wanted`; fails with its last answer after `deadlineMs`. */
export async function eventually(
  state: () => Promise<string>,
  wanted: string,
  deadlineMs: number,
): Promise<void> {
  const end = performance.now() + deadlineMs
  let last = await state()
  while (last !== wanted) {
    if (performance.now() > end)
      throw new Error(`Still ${last} after ${deadlineMs / 1000} s instead of ${wanted}`)
    await new Promise((done) => setTimeout(done, 100))
    last = await state()
  }
}

/** The state of a container's HEALTHCHECK. Podman runs it by systemd's timers alone: where there are none it is run here. */
export async function healthOf(id: string): Promise<string> {
  const state = await run('inspect', '--format', '{{.State.Health.Status}}', id)
  if (state !== 'starting' || !(await isPodman())) return state
  const asked = await run('inspect', '--format', '{{json .Config.Healthcheck.Test}}', id)
  const [kind, ...words] = JSON.parse(asked) as string[]
  const check = kind === 'CMD-SHELL' ? ['/bin/sh', '-c', ...words] : words
  try {
    await execute(engine, ['exec', id, ...check], { timeout: 5_000 })
    return 'healthy'
  } catch {
    return 'unhealthy'
  }
}

const isPodman = async (): Promise<boolean> => /podman/i.test(await run('version'))
