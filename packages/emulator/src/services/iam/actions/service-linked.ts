import { randomUUID } from 'node:crypto'
import type * as sdk from '@aws-sdk/client-iam'
import type { Action } from '../../service.ts'
import { findRole, isServiceLinked, type Context } from '../context.ts'
import { invalidInput, noRole, noSuchEntity } from '../errors.ts'
import { findServiceLinked, SERVICE_LINKED_ROLES, serviceLinkedRole } from '../service-linked.ts'
import { describeRole } from './roles.ts'

/** Roles that belong to a service: made and removed whole. */
export function serviceLinkedActions({ store, accountId, clock, usersOf }: Context) {
  const CreateServiceLinkedRole: Action<sdk.CreateServiceLinkedRoleCommandInput> = (input) =>
    store.change((state) => {
      const service = input.AWSServiceName ?? ''
      const base = Object.hasOwn(SERVICE_LINKED_ROLES, service) ? SERVICE_LINKED_ROLES[service] : undefined
      if (base === undefined)
        throw invalidInput(`The local account knows no service-linked role of ${service}.`)
      if (input.CustomSuffix !== undefined) throw invalidInput(`Custom suffix is not allowed for ${service}`)
      if (findServiceLinked(state, service)) {
        throw invalidInput(
          `Service role name ${base} has been taken in this account, please try a different suffix.`,
        )
      }
      const now = clock.now().toISOString()
      const role = serviceLinkedRole(service, base, { accountId, now, description: input.Description })
      state.roles.push(role)
      return { Role: describeRole(role) }
    })

  const DeleteServiceLinkedRole: Action<sdk.DeleteServiceLinkedRoleCommandInput> = (input) =>
    store.change((state) => {
      const role = findRole(state, input.RoleName)
      if (!isServiceLinked(role)) throw noRole(role.name)
      const id = `task${role.path}${role.name}/${randomUUID()}`
      const users = usersOf(role.name)
      const refused = users.length ? `The role is in use by ${users.join(', ')}.` : undefined
      state.deletions.push({ id, role: role.name, ...(refused === undefined ? {} : { refused }) })
      if (refused === undefined) state.roles = state.roles.filter(({ name }) => name !== role.name)
      return { DeletionTaskId: id }
    })

  const GetServiceLinkedRoleDeletionStatus: Action<
    sdk.GetServiceLinkedRoleDeletionStatusCommandInput
  > = async ({ DeletionTaskId }) => {
    const task = store.value.deletions.find(({ id }) => id === DeletionTaskId)
    if (!task) throw noSuchEntity(`The deletion task with id ${DeletionTaskId} cannot be found.`)
    return task.refused === undefined
      ? { Status: 'SUCCEEDED' }
      : { Status: 'FAILED', Reason: { Reason: task.refused } }
  }

  return { CreateServiceLinkedRole, DeleteServiceLinkedRole, GetServiceLinkedRoleDeletionStatus }
}
