import type { Clock } from '../../clock.ts'
import { createFront, type Front, type FrontRequest, type Target } from '../../runtime/front.ts'
import type { Environment, Instance } from './state/model.ts'

/** The fronts of all environments, by environment id: their load balancer or, with one instance, the instance's nginx. */
export interface Fronts {
  /** Opens the environment's front on `port`, or on a free one when that is taken or not given; answers the port. One that is open stays. */
  open(environmentId: string, port?: number): Promise<number>
  /** Sends new requests to the instances that are in service and have a container. */
  route(environment: Environment): void
  /** Sends the container no new request, and waits until it has none in flight, at most `timeoutMs`. */
  drain(environmentId: string, containerId: string, timeoutMs: number): Promise<void>
  close(environmentId: string): Promise<void>
  closeAll(): Promise<void>
}

export interface FrontsOptions {
  clock: Clock
  /** Which of an environment's instances pass their checks with the container that they have now. */
  passes: (environmentId: string, instance: Instance) => boolean
  onRequest: (environmentId: string, request: FrontRequest) => void
}

export function createFronts({ clock, passes, onRequest }: FrontsOptions): Fronts {
  const fronts = new Map<string, Front>()
  const openFront = (environmentId: string, port: number | undefined) =>
    createFront({
      clock,
      ...(port === undefined ? {} : { port }),
      onRequest: (request) => onRequest(environmentId, request),
    })
  return {
    async open(environmentId, port) {
      const open = fronts.get(environmentId)
      if (open !== undefined) return open.port
      const front = await openFront(environmentId, port).catch((error: NodeJS.ErrnoException) => {
        if (error.code !== 'EADDRINUSE') throw error
        return openFront(environmentId, undefined)
      })
      fronts.set(environmentId, front)
      return front.port
    },
    route(environment) {
      fronts.get(environment.id)?.setTargets(targetsOf(environment, passes))
    },
    async drain(environmentId, containerId, timeoutMs) {
      await fronts.get(environmentId)?.drain(containerId, timeoutMs)
    },
    async close(environmentId) {
      const front = fronts.get(environmentId)
      fronts.delete(environmentId)
      await front?.close()
    },
    async closeAll() {
      const open = [...fronts.values()]
      fronts.clear()
      await Promise.all(open.map((front) => front.close()))
    },
  }
}

/** One that hasn't passed a check yet waits for it. When none passes, all get requests: a load balancer fails open. */
function targetsOf({ id, instances }: Environment, passes: FrontsOptions['passes']): Target[] {
  const serving = instances.filter((instance) => instance.inService)
  const passing = serving.filter((instance) => passes(id, instance))
  return (passing.length > 0 ? passing : serving).flatMap(targetOf)
}

function targetOf({ container }: Instance): Target[] {
  return container === undefined ? [] : [{ id: container.id, host: container.host, port: container.hostPort }]
}
