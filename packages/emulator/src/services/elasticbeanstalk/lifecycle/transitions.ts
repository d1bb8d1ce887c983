import { notReady } from '../errors.ts'
import type { Environment, Operation } from '../state/model.ts'

type Status = Environment['status']

interface Transition {
  /** States in which the operation may begin. */
  from: readonly Status[]
  during: Status
  after: Status
}

/** The environment's states and what leads from one to the other. */
export const transitions: Record<Operation['kind'], Transition> = {
  create: { from: ['Launching'], during: 'Launching', after: 'Ready' },
  update: { from: ['Ready'], during: 'Updating', after: 'Ready' },
  restart: { from: ['Ready'], during: 'Updating', after: 'Ready' },
  tags: { from: ['Ready'], during: 'Updating', after: 'Ready' },
  rebuild: { from: ['Ready', 'Terminated'], during: 'Updating', after: 'Ready' },
  swap: { from: ['Ready'], during: 'Updating', after: 'Ready' },
  terminate: { from: ['Ready'], during: 'Terminating', after: 'Terminated' },
}

/** An update may be stopped while it goes on, once. */
export function isAbortable({ status, operation }: Environment): boolean {
  return status === 'Updating' && operation?.kind === 'update'
}

/** Puts the operation into a draft of the environment. Throws `Must be Ready` when it isn't its time, unless `force`. */
export function beginOperation(environment: Environment, operation: Operation, force = false): void {
  const transition = transitions[operation.kind]
  if (!force && !transition.from.includes(environment.status)) throw notReady(environment.name)
  environment.status = transition.during
  environment.operation = operation
  environment.updatedAt = operation.startedAt
}

/** Takes the operation out of a draft of the environment, which is then as the operation leaves it, or in `status`. */
export function endOperation(environment: Environment, at: Date, status?: Status): void {
  if (environment.operation === undefined) return
  environment.status = status ?? transitions[environment.operation.kind].after
  environment.updatedAt = at.toISOString()
  delete environment.operation
}
