import type { Clock } from '../../clock.ts'
import {
  createFront,
  PLATFORM_PROXY,
  type Front,
  type FrontRequest,
  type Target,
} from '../../runtime/front.ts'
import type { Environment, Instance, Operation } from './state/model.ts'

/** The fronts of all environments, by environment id: their load balancer or, with one instance, the instance's nginx. */
export interface Fronts {
  /** Opens the environment's front on `port`, or on a free one when that is taken or not given; answers the port. One that is open stays. */
  open(environmentId: string, port?: number): Promise<number>
  /** Sends new requests to the instances that are in service and have a container. */
  route(environment: Environment): void
  /** Sends the container no new request, and waits until it has none in flight, at most `timeoutMs`. */
  drain(containerId: string, timeoutMs: number): Promise<void>
  /** From now on each of the two environments is reached where the other one was. No request is lost: those in flight end where they began. */
  swap(oneId: string, otherId: string): void
  close(environmentId: string): Promise<void>
  closeAll(): Promise<void>
}

export interface FrontsOptions {
  clock: Clock
  /** Whether a load balancer stands before the instances of an environment. */
  balanced: (environmentId: string) => boolean
  /** Which of an environment's instances pass their checks with the container that they have now. */
  passes: (environmentId: string, instance: Instance) => boolean
  onRequest: (environmentId: string, request: FrontRequest) => void
}

/** A front and whose it is now. */
interface Slot {
  front: Front
  environmentId: string
}

export function createFronts({ clock, balanced, passes, onRequest }: FrontsOptions): Fronts {
  const slots = new Map<string, Slot>()
  const openSlot = async (environmentId: string, port: number | undefined): Promise<Slot> => {
    const front = await createFront({
      clock,
      ...(port === undefined ? {} : { port }),
      balanced: () => balanced(slot.environmentId),
      onRequest: (request) => onRequest(slot.environmentId, request),
    })
    const slot = { front, environmentId }
    return slot
  }
  const put = (environmentId: string, slot: Slot | undefined) => {
    if (slot === undefined) return
    slot.environmentId = environmentId
    slots.set(environmentId, slot)
  }
  return {
    async open(environmentId, port) {
      const open = slots.get(environmentId)
      if (open !== undefined) return open.front.port
      const slot = await openSlot(environmentId, port).catch((error: NodeJS.ErrnoException) => {
        if (error.code !== 'EADDRINUSE') throw error
        return openSlot(environmentId, undefined)
      })
      put(environmentId, slot)
      return slot.front.port
    },
    route(environment) {
      const percent = environment.operation?.newVersionPercent
      slots.get(environment.id)?.front.setTargets(targetsOf(environment, passes), percent)
    },
    async drain(containerId, timeoutMs) {
      // After a swap requests may be in flight on the other environment's front.
      await Promise.all([...slots.values()].map(({ front }) => front.drain(containerId, timeoutMs)))
    },
    swap(oneId, otherId) {
      const [one, other] = [slots.get(oneId), slots.get(otherId)]
      put(oneId, other)
      put(otherId, one)
    },
    async close(environmentId) {
      const slot = slots.get(environmentId)
      slots.delete(environmentId)
      await slot?.front.close()
    },
    async closeAll() {
      const open = [...slots.values()]
      slots.clear()
      await Promise.all(open.map(({ front }) => front.close()))
    },
  }
}

/** One that hasn't passed a check yet waits for it. When none passes, all get requests: a load balancer fails open. */
function targetsOf({ id, instances, operation }: Environment, passes: FrontsOptions['passes']): Target[] {
  const serving = instances.filter((instance) => instance.inService)
  const passing = serving.filter((instance) => passes(id, instance))
  return (passing.length > 0 ? passing : serving).flatMap((instance) => targetOf(instance, operation))
}

function targetOf({ container, launch, launchedBy }: Instance, operation: Operation | undefined): Target[] {
  if (container === undefined) return []
  const { id, host, hostPort: port } = container
  const fresh = launchedBy !== undefined && launchedBy === operation?.requestId
  return [{ id, host, port, proxy: launch?.proxy ?? PLATFORM_PROXY, fresh }]
}
