import { randomUUID } from 'node:crypto'
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import * as z from 'zod'
import { systemClock } from '../../src/clock.ts'
import { DockerRuntime } from '../../src/runtime/docker.ts'
import { Engine, parseDockerHost } from '../../src/runtime/engine.ts'

/** The base image of packages/api/Dockerfile, which every engine of the container lane has. */
export const BASE = 'public.ecr.aws/docker/library/node:24-slim'

/** The beginning of a Dockerfile of which no builder has kept a step from an earlier run of the tests: a kept one prints nothing. */
export const FRESH = `FROM ${BASE}\nENV RUN_OF_TESTS=${randomUUID()}\n`

export const engine = new Engine(
  parseDockerHost(process.env['DOCKER_HOST'] ?? 'unix:///var/run/docker.sock'),
  systemClock,
)

export const runtimeIn = (dir: string): DockerRuntime =>
  new DockerRuntime({ engine, dir, clock: systemClock, buildNetwork: 'host' })

const listSchema = z.array(z.object({ Id: z.string() }))

/** Ids of the containers and images that the engine has of a runtime's directory. */
export async function leftOf(dir: string): Promise<{ containers: string[]; images: string[] }> {
  const stateId = readFileSync(join(dir, 'state-id'), 'utf8')
  const query = { all: '1', filters: JSON.stringify({ label: [`lucree.state=${stateId}`] }) }
  const ids = async (path: string) =>
    (await engine.json(listSchema, 'GET', path, { query })).map(({ Id }) => Id)
  return { containers: await ids('/containers/json'), images: await ids('/images/json') }
}

/** Ids of all images that the engine has, those without a name too. */
export async function allImages(): Promise<string[]> {
  const found = await engine.json(listSchema, 'GET', '/images/json', { query: { all: '1' } })
  return found.map(({ Id }) => Id).sort()
}

/** Command lines on this machine that hold a word; none where processes can't be looked at. */
export function processesWith(word: string): string[] {
  if (!existsSync('/proc/self/cmdline')) return []
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name) && Number(name) !== process.pid)
    .map((pid) => commandOf(pid))
    .filter((command) => command.includes(word))
}

function commandOf(pid: string): string {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8').replaceAll('\0', ' ')
  } catch {
    return '' // it has ended
  }
}
