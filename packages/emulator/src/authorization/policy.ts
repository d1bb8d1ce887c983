import * as z from 'zod'
import { isKnownOperator } from './conditions.ts'

const OneOrMore = z.union([z.string().transform((one) => [one]), z.array(z.string())])
const Value = z.union([z.string(), z.boolean(), z.number()]).transform(String)
const Values = z.union([Value.transform((one) => [one]), z.array(Value)])
const Principal = z.union([z.literal('*'), z.record(z.string(), OneOrMore)])

const Statement = z.strictObject({
  Sid: z.string().optional(),
  Effect: z.enum(['Allow', 'Deny']),
  Principal: Principal.optional(),
  NotPrincipal: Principal.optional(),
  Action: OneOrMore.optional(),
  NotAction: OneOrMore.optional(),
  Resource: OneOrMore.optional(),
  NotResource: OneOrMore.optional(),
  Condition: z.record(z.string(), z.record(z.string(), Values)).optional(),
})

const Document = z.strictObject({
  Version: z.enum(['2012-10-17', '2008-10-17']).optional(),
  Id: z.string().optional(),
  Statement: z.union([Statement.transform((one) => [one]), z.array(Statement)]),
})

export type Statement = z.infer<typeof Statement>
export type PolicyDocument = z.infer<typeof Document>

/** Why a document can't be a policy; the message is in AWS's words where AWS has some. */
export class MalformedPolicy extends Error {
  override readonly name = 'MalformedPolicy'
}

/** What a policy is attached to decides what it must name: an identity's names resources, a role's trust names who may take it. */
export type PolicyKind = 'identity' | 'trust'

/** Reads a policy document. Throws {@link MalformedPolicy}; an operator that can't be evaluated here is named. */
export function readPolicy(text: string, kind: PolicyKind = 'identity'): PolicyDocument {
  return checkPolicy(parse(text), kind)
}

/** The same for a document that is parsed already. */
export function checkPolicy(document: unknown, kind: PolicyKind = 'identity'): PolicyDocument {
  const read = Document.safeParse(document)
  if (!read.success) throw new MalformedPolicy('Syntax errors in policy.')
  const sign = /\$\{[*?$]\}/.exec(JSON.stringify(document))
  if (sign) throw new MalformedPolicy(`The local account can't evaluate the variable ${sign[0]}.`)
  const statements = read.data.Statement
  const sids = statements.flatMap(({ Sid }) => Sid ?? [])
  if (new Set(sids).size < sids.length)
    throw new MalformedPolicy('Statement IDs (SID) in a single policy must be unique.')
  for (const statement of statements) {
    checkActions(statement)
    checkConditions(statement)
    if (kind === 'identity') checkResources(statement)
    else checkTrust(statement)
  }
  return read.data
}

function checkActions({ Action, NotAction }: Statement): void {
  const actions = exactlyOne(Action, NotAction, 'Policy statement must contain actions.')
  for (const action of actions) {
    if (action === '*' || /^[A-Za-z0-9-]+:[A-Za-z0-9*?]+$/.test(action)) continue
    const vendor = 'Actions/Conditions must be prefaced by a vendor, e.g., iam, sdb, ec2, etc.'
    throw new MalformedPolicy(action.includes(':') ? `The policy failed legacy parsing` : vendor)
  }
}

function checkResources({ Resource, NotResource, Principal, NotPrincipal }: Statement): void {
  if (Principal ?? NotPrincipal) throw new MalformedPolicy('Policy document should not specify a principal.')
  for (const resource of exactlyOne(Resource, NotResource, 'Policy statement must contain resources.')) {
    if (/^[*?]+$/.test(resource) || resource.startsWith('arn:')) continue
    throw new MalformedPolicy(`Resource ${resource} must be in ARN format or "*".`)
  }
}

function checkTrust({ Principal, NotPrincipal, Resource, NotResource, Action }: Statement): void {
  if (Resource ?? NotResource) throw new MalformedPolicy('Has prohibited field Resource')
  if (!(Principal ?? NotPrincipal)) throw new MalformedPolicy('Missing required field Principal')
  if (Action?.some((action) => !/^sts:/i.test(action)))
    throw new MalformedPolicy('AssumeRole policy may only specify STS AssumeRole actions.')
}

function checkConditions({ Condition }: Statement): void {
  for (const operator of Object.keys(Condition ?? {})) {
    if (!isKnownOperator(operator))
      throw new MalformedPolicy(`The local account can't evaluate the condition operator ${operator}.`)
  }
}

function exactlyOne(one: string[] | undefined, other: string[] | undefined, missing: string): string[] {
  if (one && other) throw new MalformedPolicy('Syntax errors in policy.')
  const given = one ?? other
  if (!given?.length) throw new MalformedPolicy(missing)
  return given
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    throw new MalformedPolicy('This policy contains invalid Json')
  }
}
