import * as sdk from '@aws-sdk/client-iam'
import type { Account } from '../../account.ts'
import type { Access } from '../../authorization/access.ts'
import type { PolicyDocument } from '../../authorization/policy.ts'
import type { Clock } from '../../clock.ts'
import { operationSchemas } from '../../protocol/schema.ts'
import type { Inventoried } from '../hosted.ts'
import type { Action, QueryService } from '../service.ts'
import { attachmentActions } from './actions/attachments.ts'
import { managedPolicyActions } from './actions/managed-policies.ts'
import { profileActions } from './actions/profiles.ts'
import { roleActions } from './actions/roles.ts'
import { serviceLinkedActions } from './actions/service-linked.ts'
import { simulateActions } from './actions/simulate.ts'
import { summaryActions } from './actions/summary.ts'
import { userActions } from './actions/users.ts'
import { isServiceLinked, type Context } from './context.ts'
import { identitiesOf, type Identities } from './identities.ts'
import { policiesOf } from './policies.ts'
import { needsOf } from './rights.ts'
import { openIamStore, type IamStore } from './state.ts'

export interface IamOptions {
  /** The state directory; IAM keeps its `iam.json` there. */
  dir: string
  account: Account
  clock: Clock
  /** What uses a role, in words: asked before a service-linked role is deleted. */
  usersOf?: (role: string) => string[]
}

export interface Iam extends Inventoried {
  service: QueryService
  /** Whose keys are whose, and what each may do. */
  access: Access
  /** Roles and profiles as the other services see them. */
  identities: Identities
}

/** Identity and Access Management: users, roles, profiles and policies, durable. */
export async function openIam({ dir, account, clock, usersOf = () => [] }: IamOptions): Promise<Iam> {
  const store = await openIamStore(dir, account, clock.now().toISOString())
  const { accountId, caller, scenario } = account
  const context: Context = { store, accountId, clock, usersOf }
  return {
    service: {
      signingName: 'iam',
      apiVersion: '2010-05-08',
      xmlNamespace: 'https://iam.amazonaws.com/doc/2010-05-08/',
      schemas: operationSchemas(sdk),
      actions: actionsOf(context),
      needs: needsOf(store, accountId),
    },
    access: accessOf(store, accountId),
    identities: identitiesOf(store, { accountId, clock, delayMs: scenario.iamDelayMs }),
    inventory: () => inventoryOf(store, caller.arn),
  }
}

function actionsOf(context: Context): Record<string, Action> {
  return {
    ...roleActions(context),
    ...profileActions(context),
    ...userActions(context),
    ...attachmentActions(context),
    ...managedPolicyActions(context),
    ...serviceLinkedActions(context),
    ...simulateActions(context),
    ...summaryActions(context),
  }
}

function accessOf(store: IamStore, accountId: string): Access {
  // what the store gives out is never changed in place, so a policy is read once for each change of its owner
  const read = new WeakMap<object, readonly PolicyDocument[]>()
  return {
    holderOf(accessKeyId) {
      for (const { arn, id, keys } of store.value.users) {
        const key = keys.find((one) => one.id === accessKeyId && one.active)
        if (!key) continue
        return {
          credentials: { accessKeyId, secretAccessKey: key.secret },
          caller: { accountId, arn, userId: id },
        }
      }
      return undefined
    },
    policiesOf(arn) {
      const { users, roles } = store.value
      const identity = [...users, ...roles].find((one) => one.arn === arn)
      if (!identity) return []
      const known = read.get(identity)
      if (known) return known
      const policies = policiesOf(store.value, identity)
      read.set(identity, policies)
      return policies
    },
  }
}

/** The user that the account came with was made by nobody, and service-linked roles are AWS's. */
function inventoryOf(store: IamStore, first: string): string[] {
  const { roles, profiles, users, policies } = store.value
  const own = [...roles.filter((role) => !isServiceLinked(role)), ...profiles, ...users, ...policies]
  return own.map(({ arn }) => arn).filter((arn) => arn !== first)
}
