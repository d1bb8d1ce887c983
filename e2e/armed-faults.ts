import { readFile } from 'node:fs/promises'
import { join } from 'node:path'

/** What may be said of a fault beside its name; the embedded Beanstalk's own defaults without it. */
export interface Arming {
  times?: number | 'forever'
  after?: number
  probability?: number
  environment?: string
  action?: string
}

/** Arms a fault in the embedded Beanstalk of a state directory, as `lucree local fault arm` does, without the cost of a process. */
export async function arm(state: string, fault: string, arming: Arming = {}): Promise<void> {
  await ask(state, 'POST', '', { fault, ...arming })
}

/** Disarms the faults of this name and environment; without them, all that are armed. */
export async function clearFaults(
  state: string,
  meant: { name?: string; environment?: string } = {},
): Promise<void> {
  await ask(state, 'DELETE', `?${new URLSearchParams(meant).toString()}`)
}

/** How often each armed fault has happened so far; one that is used up isn't told any more. */
export async function armedFaults(state: string): Promise<{ fault: string; happened: number }[]> {
  return (await ask<{ armed: { fault: string; happened: number }[] }>(state, 'GET', '')).armed
}

async function ask<T>(state: string, method: string, query: string, body?: object): Promise<T> {
  const { url, token } = JSON.parse(await readFile(join(state, 'server.json'), 'utf8')) as Server
  const answer = await fetch(`${url}/_lucree/faults${query}`, {
    method,
    headers: { authorization: `Bearer ${token}`, connection: 'close' },
    ...(body ? { body: JSON.stringify(body) } : {}),
  })
  if (!answer.ok) throw new Error(`${method} of faults: ${answer.status} ${await answer.text()}`)
  return (await answer.json()) as T
}

interface Server {
  url: string
  token: string
}
