import type * as sdk from '@aws-sdk/client-iam'
import type { Action } from '../../service.ts'
import { encodeDocument, findRole, ownRole, sameName, type Context } from '../context.ts'
import { alreadyExists, checkDocument, deleteConflict, invalid, limitExceeded } from '../errors.ts'
import { uniqueId } from '../ids.ts'
import { page } from '../pages.ts'
import type { Role } from '../state.ts'
import { checkName, checkPath, mergeTags, readTags, tagsOut } from '../validation.ts'

/** AWS's quota (IAM user guide, IAM and STS quotas). */
export const MAX_ROLES = 1000

/** A role as the answers describe it. */
export const describeRole = (role: Role) => ({
  Path: role.path,
  RoleName: role.name,
  RoleId: role.id,
  Arn: role.arn,
  CreateDate: new Date(role.createdAt),
  AssumeRolePolicyDocument: encodeDocument(role.trust),
  MaxSessionDuration: role.maxSession,
  ...(role.description === undefined ? {} : { Description: role.description }),
})

const describeWithTags = (role: Role) => ({
  ...describeRole(role),
  ...(role.tags.length ? { Tags: tagsOut(role.tags) } : {}),
  RoleLastUsed: {},
})

export function roleActions({ store, accountId, clock }: Context) {
  const now = () => clock.now().toISOString()

  const CreateRole: Action<sdk.CreateRoleCommandInput> = (input) =>
    store.change((state) => {
      const name = checkName(input.RoleName, 'roleName', 64)
      if (input.PermissionsBoundary !== undefined)
        throw invalid('The local account has no permissions boundaries.')
      const path = checkPath(input.Path)
      if (state.roles.some((role) => sameName(role.name, name)))
        throw alreadyExists(`Role with name ${name} already exists.`)
      if (state.roles.length >= MAX_ROLES)
        throw limitExceeded(`Cannot exceed quota for RolesPerAccount: ${MAX_ROLES}`)
      const role: Role = {
        name,
        path,
        id: uniqueId('AROA'),
        arn: `arn:aws:iam::${accountId}:role${path}${name}`,
        createdAt: now(),
        changedAt: now(),
        tags: readTags(input.Tags),
        trust: checkDocument(input.AssumeRolePolicyDocument ?? '', 'trust'),
        maxSession: readSession(input.MaxSessionDuration),
        attached: [],
        inline: [],
        ...(input.Description === undefined ? {} : { description: input.Description }),
      }
      state.roles.push(role)
      const described = describeRole(role)
      return { Role: role.tags.length ? { ...described, Tags: tagsOut(role.tags) } : described }
    })

  const GetRole: Action<sdk.GetRoleCommandInput> = async ({ RoleName }) => ({
    Role: describeWithTags(findRole(store.value, RoleName)),
  })

  const ListRoles: Action<sdk.ListRolesCommandInput> = async ({ PathPrefix = '/', ...paging }) => {
    const roles = store.value.roles.filter(({ path }) => path.startsWith(PathPrefix))
    return page('Roles', roles.map(describeRole), paging)
  }

  const DeleteRole: Action<sdk.DeleteRoleCommandInput> = (input) =>
    store.change((state) => {
      const { name, attached, inline } = ownRole(state, input.RoleName)
      if (state.profiles.some(({ role }) => role?.name === name))
        throw deleteConflict('remove roles from instance profile')
      if (inline.length) throw deleteConflict('delete policies')
      if (attached.length) throw deleteConflict('detach all policies')
      state.roles = state.roles.filter((role) => role.name !== name)
    })

  const UpdateAssumeRolePolicy: Action<sdk.UpdateAssumeRolePolicyCommandInput> = (input) =>
    store.change((state) => {
      const role = ownRole(state, input.RoleName)
      role.trust = checkDocument(input.PolicyDocument ?? '', 'trust')
      role.changedAt = now()
    })

  const UpdateRole: Action<sdk.UpdateRoleCommandInput> = (input) =>
    store.change((state) => {
      const role = ownRole(state, input.RoleName)
      if (input.Description !== undefined) role.description = input.Description
      if (input.MaxSessionDuration !== undefined) role.maxSession = readSession(input.MaxSessionDuration)
      return {}
    })

  const TagRole: Action<sdk.TagRoleCommandInput> = (input) =>
    store.change((state) => {
      const role = ownRole(state, input.RoleName)
      role.tags = mergeTags(role.tags, readTags(input.Tags))
    })

  const UntagRole: Action<sdk.UntagRoleCommandInput> = (input) =>
    store.change((state) => {
      const role = ownRole(state, input.RoleName)
      role.tags = role.tags.filter(({ key }) => !input.TagKeys?.includes(key))
    })

  const ListRoleTags: Action<sdk.ListRoleTagsCommandInput> = async ({ RoleName, ...paging }) =>
    page('Tags', tagsOut(findRole(store.value, RoleName).tags), paging)

  return {
    ...{ CreateRole, GetRole, ListRoles, DeleteRole, UpdateAssumeRolePolicy, UpdateRole },
    ...{ TagRole, UntagRole, ListRoleTags },
  }
}

function readSession(seconds = 3600): number {
  if (seconds >= 3600 && seconds <= 43_200) return seconds
  throw invalid(
    `1 validation error detected: Value '${seconds}' at 'maxSessionDuration' failed to satisfy constraint: Member must have value between 3600 and 43200`,
  )
}
