import { holds, type RequestContext } from './conditions.ts'
import type { PolicyDocument, Statement } from './policy.ts'
import { fits, fitsAnyCase } from './wildcard.ts'

/** One thing that somebody wants to do to one resource. */
export interface Wish {
  /** `service:Operation`, as IAM names it. */
  action: string
  /** An ARN, or `*` where the action has no resource of its own. */
  resource: string
  context: RequestContext
}

/** What the policies of an identity say to a wish (AWS, policy evaluation logic): a deny wins, and what nobody allows is denied too. */
export type Decision = 'allowed' | 'explicitDeny' | 'implicitDeny'

export function evaluate(policies: readonly PolicyDocument[], wish: Wish): Decision {
  const speaking = policies.flatMap((policy) =>
    policy.Statement.filter((statement) => concerns(statement, wish)),
  )
  if (speaking.some(({ Effect }) => Effect === 'Deny')) return 'explicitDeny'
  return speaking.length ? 'allowed' : 'implicitDeny'
}

function concerns(statement: Statement, wish: Wish): boolean {
  return (
    actionFits(statement, wish) &&
    resourceFits(statement, wish) &&
    Object.entries(statement.Condition ?? {}).every(([operator, demands]) =>
      Object.entries(demands).every(([key, values]) =>
        holds(
          operator,
          key,
          values.flatMap((value) => withVariables(value, wish.context) ?? []),
          wish.context,
        ),
      ),
    )
  )
}

const actionFits = ({ Action, NotAction }: Statement, { action }: Wish): boolean =>
  Action
    ? Action.some((pattern) => fitsAnyCase(pattern, action))
    : !(NotAction ?? []).some((pattern) => fitsAnyCase(pattern, action))

function resourceFits({ Resource, NotResource }: Statement, { resource, context }: Wish): boolean {
  const named = (patterns: string[]) =>
    patterns.some((pattern) => {
      const meant = withVariables(pattern, context)
      return meant !== undefined && fits(meant, resource)
    })
  return Resource ? named(Resource) : !named(NotResource ?? [])
}

/** `${aws:username}` and its like; undefined when the request has no such value, so that the pattern fits nothing. */
function withVariables(pattern: string, context: RequestContext): string | undefined {
  let complete = true
  const text = pattern.replace(/\$\{([^}]+)\}/g, (_, name: string) => {
    const [key = '', fallback] = name.split(',').map((part) => part.trim())
    const value = context[key]
    if (typeof value === 'string') return value
    if (fallback !== undefined) return fallback.replace(/^'|'$/g, '')
    complete = false
    return ''
  })
  return complete ? text : undefined
}
