import { randomUUID } from 'node:crypto'
import type { Container } from '../../../runtime/runtime.ts'
import type { Context } from '../context.ts'
import { probeConnection } from '../health/probe.ts'
import type { Launch } from '../state/model.ts'
import { tellDockerEvent } from './docker-events.ts'
import { failures } from './failure.ts'

/** Seconds that the platform watches a new container; an application that takes connections sooner is believed sooner when the pace is fast. */
const watchSeconds = 5
const lookMs = 50
/** An application that listens elsewhere than where it should isn't waited for to the end. */
const elsewhereMs = 1500
const probeMs = 1000

/**
 * Starts a container and sees that it stays up. Throws {@link InstanceFailure} when it doesn't, and leaves nothing of it behind but its output.
 * `tell` gets a line about where an application listens that isn't reached on its port.
 */
export async function startContainer(
  context: Context,
  name: string,
  launch: Launch,
  tell: (line: string) => void,
  signal: AbortSignal,
): Promise<Container> {
  const container = await start(context, name, launch, signal)
  try {
    const elsewhere = await watchStart(context, container, launch.outputFile, signal)
    if (elsewhere.length > 0) tell(`[lucree] seen listening in the container: ${elsewhere.join(', ')}`)
    return container
  } catch (error) {
    await context.runtime.stop(container, 0)
    throw error
  }
}

async function start(
  { runtime, clock }: Context,
  name: string,
  launch: Launch,
  signal: AbortSignal,
): Promise<Container> {
  await tellDockerEvent(launch.outputFile, 'create', clock)
  try {
    const container = await runtime.start({
      image: launch.image,
      // Several containers of one deployment may be there at a time: the old one ends after the new one has begun.
      name: `${name}-${randomUUID().slice(0, 8)}`,
      env: launch.env,
      port: launch.port,
      ...(launch.entrypoint === undefined ? {} : { entrypoint: launch.entrypoint }),
      ...(launch.command === undefined ? {} : { command: launch.command }),
      volumes: launch.volumes,
      outputFile: launch.outputFile,
      signal,
    })
    await tellDockerEvent(launch.outputFile, 'start', clock)
    return container
  } catch (cause) {
    signal.throwIfAborted()
    throw failures.notStarted(withoutValues((cause as Error).message, launch.env), {
      cause: withoutValues(String(cause), launch.env),
    })
  }
}

/** Answers where it listens, `127.0.0.1:8080`, when that isn't where the proxy reaches it. */
async function watchStart(
  { runtime, clock, tempo }: Context,
  container: Container,
  outputFile: string,
  signal: AbortSignal,
): Promise<string[]> {
  const began = clock.now().getTime()
  const shortest = tempo.limit(watchSeconds, 0.1)
  let elsewhereSince: number | undefined
  for (;;) {
    const state = await runtime.inspect(container)
    if (!state.running) {
      await tellDockerEvent(outputFile, 'die', clock, `exitCode=${state.exitCode ?? 'unknown'}, `)
      throw failures.ended(describeEnd(state))
    }
    const now = clock.now().getTime()
    if (now - began >= Math.max(shortest, watchSeconds * 1000)) return []
    const { answered } = await probeConnection(container, probeMs, clock, signal)
    if (answered && now - began >= shortest) return []
    const sockets = answered ? [] : await runtime.listening(container)
    if (sockets.length > 0) elsewhereSince ??= now
    if (elsewhereSince !== undefined && now - elsewhereSince >= Math.max(shortest, elsewhereMs))
      return sockets.map(({ address, port }) => `${address.includes(':') ? `[${address}]` : address}:${port}`)
    await clock.sleep(lookMs, signal)
  }
}

function describeEnd({ exitCode, oomKilled }: { exitCode: number | null; oomKilled: boolean }): string {
  if (oomKilled) return 'it was killed because the instance ran out of memory'
  return exitCode === null ? 'its exit code is not known' : `it exited with code ${exitCode}`
}

/** A message about a container may quote what it was started with. */
export function withoutValues(text: string, env: Record<string, string>): string {
  return Object.values(env)
    .filter((value) => value.length >= 4)
    .reduce((clean, value) => clean.replaceAll(value, '[redacted]'), text)
}
