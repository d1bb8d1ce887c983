import { appendFile } from 'node:fs/promises'
import type { Container } from '../../../runtime/runtime.ts'
import type { Context } from '../context.ts'
import { instanceDirectories } from '../instance/directories.ts'
import { reviveContainer } from '../instance/revive.ts'
import { refusedConnection } from '../logs/nginx-log.ts'
import type { Environment, Instance } from '../state/model.ts'
import { checkOf, type Check } from './check.ts'
import { probeConnection, probeHttp, type ProbeResult } from './probe.ts'
import { count, type Tally } from './tally.ts'

/** Milliseconds after which an application that does well is asked for its path again, when nobody waits to know. */
const askAgainMs = 2_000

/**
 * Looks at one instance once. A container that ended is started again, as the platform's service unit does. `idle`: nobody waits for the
 * verdict, so an application that does well is asked every few seconds only, and a connection is enough in between.
 */
export async function lookAt(
  context: Context,
  environment: Environment,
  instance: Instance,
  tally: Tally,
  { signal, idle }: { signal: AbortSignal; idle: boolean },
): Promise<Tally> {
  const { container } = instance
  if (container === undefined) return tally
  const check = checkOf(environment.settings)
  const state = await context.runtime.inspect(container)
  if (!state.running) {
    const counted = count(tally, false, false, check)
    if (isTurn(counted.failures)) await reviveContainer(context, environment, instance, signal)
    return counted
  }
  const now = context.clock.now().getTime()
  const doesWell = tally.passing === true && tally.failures === 0
  const asks = check.path !== undefined && !(idle && doesWell && now - (tally.askedAt ?? 0) < askAgainMs)
  const result = await probe(context, check, asks, container, signal)
  if (result.answered && check.path !== undefined && !asks) return tally
  const ok = result.answered && (result.status === undefined || check.accepts(result.status))
  if (!result.answered && result.reason === 'refused' && tally.failures === 0) {
    const { errorLog } = instanceDirectories(context.instancesDir, instance.id)
    const line = refusedConnection(check.path ?? '/', instance.launch?.port ?? 80, context.clock.now())
    await appendFile(errorLog, line, { mode: 0o600 })
  }
  return count(asks ? { ...tally, askedAt: now } : tally, ok, true, check)
}

function probe(
  { clock }: Context,
  check: Check,
  asks: boolean,
  container: Container,
  signal: AbortSignal,
): Promise<ProbeResult> {
  return asks
    ? probeHttp(container, check, clock, signal)
    : probeConnection(container, check.timeoutMs, clock, signal)
}

/** Looks after which a container that ended is started again: 1, 2, 4, 8 …; so one that always crashes doesn't keep the machine busy. */
function isTurn(failures: number): boolean {
  return (failures & (failures - 1)) === 0 || failures % 64 === 0
}
