import type { Action } from '../../service.ts'
import { encodeDocument, findRole, findUser, ownRole, type Context } from '../context.ts'
import { checkDocument, limitExceeded, noSuchEntity } from '../errors.ts'
import { page, type PageInput } from '../pages.ts'
import { findPolicy } from '../policies.ts'
import type { IamState, Role, User } from '../state.ts'
import { checkName } from '../validation.ts'

/** AWS's quotas (IAM user guide, IAM and STS quotas); inline policies are counted together, in characters without white space. */
const MAX_ATTACHED = 10
const MAX_INLINE = { Role: 10_240, User: 2048 }

interface Input extends PageInput {
  RoleName?: string
  UserName?: string
  PolicyArn?: string
  PolicyName?: string
  PolicyDocument?: string
  PathPrefix?: string
}

/** What policies are put on: the same actions for roles and for users, with their own names. */
interface Owner {
  kind: 'Role' | 'User'
  find: (state: IamState, input: Input) => Role | User
  /** The one that may be changed. */
  own: (state: IamState, input: Input) => Role | User
}

const ROLE: Owner = {
  kind: 'Role',
  find: (state, { RoleName }) => findRole(state, RoleName),
  own: (state, { RoleName }) => ownRole(state, RoleName),
}
const USER: Owner = {
  kind: 'User',
  find: (state, { UserName }) => findUser(state, UserName),
  own: (state, { UserName }) => findUser(state, UserName),
}

/** Policies on roles and users: managed ones that are attached, inline ones that are put. */
export const attachmentActions = (context: Context) => ({
  ...actionsOf(ROLE, context),
  ...actionsOf(USER, context),
})

function actionsOf({ kind, find, own }: Owner, { store, clock }: Context): Record<string, Action<Input>> {
  const change = (input: Input, alter: (owner: Role | User, state: IamState) => void) =>
    store.change((state) => {
      const owner = own(state, input)
      alter(owner, state)
      if ('changedAt' in owner) owner.changedAt = clock.now().toISOString()
    })
  return {
    [`Attach${kind}Policy`]: (input) =>
      change(input, (owner, state) => {
        const arn = input.PolicyArn ?? ''
        if (!findPolicy(state, arn)) throw noSuchEntity(`Policy ${arn} does not exist or is not attachable.`)
        if (owner.attached.includes(arn)) return
        if (owner.attached.length >= MAX_ATTACHED)
          throw limitExceeded(`Cannot exceed quota for PoliciesPer${kind}: ${MAX_ATTACHED}`)
        owner.attached.push(arn)
      }),
    [`Detach${kind}Policy`]: (input) =>
      change(input, (owner) => {
        if (!owner.attached.includes(input.PolicyArn ?? ''))
          throw noSuchEntity(`Policy ${input.PolicyArn} was not found.`)
        owner.attached = owner.attached.filter((arn) => arn !== input.PolicyArn)
      }),
    [`ListAttached${kind}Policies`]: async (input) => {
      const attached = find(store.value, input).attached.map((arn) => ({
        PolicyName: arn.split('/').at(-1),
        PolicyArn: arn,
      }))
      return page('AttachedPolicies', attached, input)
    },
    [`Put${kind}Policy`]: (input) =>
      change(input, (owner) => {
        const name = checkName(input.PolicyName, 'policyName', 128)
        const document = checkDocument(input.PolicyDocument ?? '')
        const others = owner.inline.filter((policy) => policy.name !== name)
        const size = [...others, { document }].reduce((sum, policy) => sum + sizeOf(policy.document), 0)
        if (size > MAX_INLINE[kind]) {
          const text = `Maximum policy size of ${MAX_INLINE[kind]} bytes exceeded for ${kind.toLowerCase()} ${owner.name}`
          throw limitExceeded(text)
        }
        owner.inline = [...others, { name, document }]
      }),
    [`Get${kind}Policy`]: async (input) => {
      const owner = find(store.value, input)
      const policy = owner.inline.find(({ name }) => name === input.PolicyName)
      if (!policy) throw noInline(kind, input)
      return {
        [`${kind}Name`]: owner.name,
        PolicyName: policy.name,
        PolicyDocument: encodeDocument(policy.document),
      }
    },
    [`Delete${kind}Policy`]: (input) =>
      change(input, (owner) => {
        if (!owner.inline.some(({ name }) => name === input.PolicyName)) throw noInline(kind, input)
        owner.inline = owner.inline.filter(({ name }) => name !== input.PolicyName)
      }),
    [`List${kind}Policies`]: async (input) => {
      const names = find(store.value, input).inline.map(({ name }) => name)
      return page('PolicyNames', names, input)
    },
  }
}

const sizeOf = (document: string) => document.replace(/\s/g, '').length

const noInline = (kind: Owner['kind'], { PolicyName }: Input) =>
  noSuchEntity(`The ${kind.toLowerCase()} policy with name ${PolicyName} cannot be found.`)
