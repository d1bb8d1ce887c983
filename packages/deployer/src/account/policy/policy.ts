import { BEANSTALK_CALLS } from './beanstalk-calls.ts'
import { OWN_CALLS } from './own-calls.ts'
import { type Place, resourcesOf, type Whereabouts } from './place.ts'
import type { Purpose, Right } from './right.ts'

/** Every right that lucree needs, and why: the one table behind `doctor --policy` and the check of rights. */
export const RIGHTS: readonly Right[] = [...OWN_CALLS, ...BEANSTALK_CALLS]

/** A managed policy may have so many characters; IAM doesn't count white space. */
export const MOST_CHARACTERS = 6_144

/** An IAM policy as one attaches it. */
export interface PolicyDocument {
  Version: '2012-10-17'
  Statement: PolicyStatement[]
}

export interface PolicyStatement {
  Sid: string
  Effect: 'Allow'
  Action: string[]
  Resource: string | string[]
}

/** The least policy with which every command works: a statement for each kind of thing, filled in with what is known. */
export function leastPolicy(at: Whereabouts): PolicyDocument {
  return {
    Version: '2012-10-17',
    Statement: [...actionsByPlace(RIGHTS)].map(([place, actions]) => {
      const resources = resourcesOf(place, at)
      const [only] = resources
      return {
        Sid: `Lucree${place.charAt(0).toUpperCase()}${place.slice(1)}`,
        Effect: 'Allow',
        Action: [...new Set(actions.map((action) => asWritten(action, place)))],
        Resource: only !== undefined && resources.length === 1 ? only : resources,
      }
    }),
  }
}

/**
 * Services whose `Describe…` calls only tell what there is, and of which Beanstalk uses more than anybody lists: the policy allows them all, as AWS's
 * own does. Elastic Beanstalk itself is not among them: its settings hold the values of environment properties.
 */
const DESCRIBED = /^(autoscaling|cloudformation|ec2|elasticloadbalancing):Describe\w+$/

/** Kinds of things that only Beanstalk makes, under names of its own: all of a service's actions on them, as in AWS's own policy, for room. */
const BEANSTALKS_OWN: readonly Place[] = ['groups', 'loadBalancers']

function asWritten(action: string, place: Place): string {
  if (BEANSTALKS_OWN.includes(place)) return action.replace(/:.*/, ':*')
  return action.replace(DESCRIBED, '$1:Describe*')
}

/** What some commands need, each action once per kind of thing, sorted. */
export function actionsByPlace(
  rights: readonly Right[],
  purposes?: readonly Purpose[],
): Map<Place, string[]> {
  const found = new Map<Place, Set<string>>()
  for (const { on, actions, purposes: of } of rights) {
    if (purposes && !purposes.some((purpose) => of.includes(purpose))) continue
    const known = found.get(on) ?? new Set()
    found.set(on, known)
    for (const action of actions) known.add(action)
  }
  return new Map([...found].map(([place, actions]) => [place, [...actions].sort()]))
}

/** Characters that IAM counts. */
export function lengthOf(policy: PolicyDocument): number {
  return JSON.stringify(policy).replace(/\s/g, '').length
}
