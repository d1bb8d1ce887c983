import type { Place } from './place.ts'

/** Commands that need the same rights: `env` is everything below `lucree env`, `read` is status, events, health, logs, open and console. */
export type Purpose = 'deploy' | 'env' | 'read' | 'destroy' | 'doctor'

/** Rights on one kind of thing, for one reason. */
export interface Right {
  /** As a policy spells them: `elasticbeanstalk:CreateEnvironment`. Whole names, so that each can be simulated and missed by name. */
  actions: readonly string[]
  on: Place
  purposes: readonly Purpose[]
  /** Whose call it is. Elastic Beanstalk makes, changes and removes what an environment is made of with the caller's own rights. */
  by: 'lucree' | 'Elastic Beanstalk'
  why: string
  /** Needed in this case alone; without it always. */
  only?: Case
}

/** What not every deploy does: make roles that are missing, make a load balancer, make a default VPC. */
export type Case = 'roles' | 'load-balancer' | 'default-vpc'
