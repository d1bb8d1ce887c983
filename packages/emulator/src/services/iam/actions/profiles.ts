import type * as sdk from '@aws-sdk/client-iam'
import type { Action } from '../../service.ts'
import { findProfile, findRole, isServiceLinked, sameName, type Context } from '../context.ts'
import { alreadyExists, deleteConflict, limitExceeded, noRole, unmodifiable } from '../errors.ts'
import { uniqueId } from '../ids.ts'
import { page } from '../pages.ts'
import type { IamState, Profile } from '../state.ts'
import { checkName, checkPath, mergeTags, readTags, tagsOut } from '../validation.ts'
import { describeRole } from './roles.ts'

function describeProfile({ roles }: IamState, profile: Profile) {
  return {
    Path: profile.path,
    InstanceProfileName: profile.name,
    InstanceProfileId: profile.id,
    Arn: profile.arn,
    CreateDate: new Date(profile.createdAt),
    Roles: roles.filter(({ name }) => name === profile.role?.name).map(describeRole),
    ...(profile.tags.length ? { Tags: tagsOut(profile.tags) } : {}),
  }
}

/** Instance profiles: what hands a role to an instance. */
export function profileActions({ store, accountId, clock }: Context) {
  const now = () => clock.now().toISOString()

  const CreateInstanceProfile: Action<sdk.CreateInstanceProfileCommandInput> = (input) =>
    store.change((state) => {
      const name = checkName(input.InstanceProfileName, 'instanceProfileName', 128)
      const path = checkPath(input.Path)
      if (state.profiles.some((profile) => sameName(profile.name, name)))
        throw alreadyExists(`Instance Profile ${name} already exists.`)
      const profile: Profile = {
        name,
        path,
        id: uniqueId('AIPA'),
        arn: `arn:aws:iam::${accountId}:instance-profile${path}${name}`,
        createdAt: now(),
        tags: readTags(input.Tags),
      }
      state.profiles.push(profile)
      return { InstanceProfile: describeProfile(state, profile) }
    })

  const GetInstanceProfile: Action<sdk.GetInstanceProfileCommandInput> = async (input) => {
    const profile = findProfile(store.value, input.InstanceProfileName)
    return { InstanceProfile: describeProfile(store.value, profile) }
  }

  const ListInstanceProfiles: Action<sdk.ListInstanceProfilesCommandInput> = async (input) => {
    const { PathPrefix = '/', ...paging } = input
    const found = store.value.profiles.filter(({ path }) => path.startsWith(PathPrefix))
    const described = found.map((profile) => describeProfile(store.value, profile))
    return page('InstanceProfiles', described, paging)
  }

  const ListInstanceProfilesForRole: Action<sdk.ListInstanceProfilesForRoleCommandInput> = async (input) => {
    const { RoleName, ...paging } = input
    const { name } = findRole(store.value, RoleName)
    const found = store.value.profiles.filter(({ role }) => role?.name === name)
    const described = found.map((profile) => describeProfile(store.value, profile))
    return page('InstanceProfiles', described, paging)
  }

  const AddRoleToInstanceProfile: Action<sdk.AddRoleToInstanceProfileCommandInput> = (input) =>
    store.change((state) => {
      const profile = findProfile(state, input.InstanceProfileName)
      const role = findRole(state, input.RoleName)
      if (isServiceLinked(role)) throw unmodifiable(role.name)
      if (profile.role) throw limitExceeded('Cannot exceed quota for InstanceSessionsPerInstanceProfile: 1')
      profile.role = { name: role.name, addedAt: now() }
    })

  const RemoveRoleFromInstanceProfile: Action<sdk.RemoveRoleFromInstanceProfileCommandInput> = (input) =>
    store.change((state) => {
      const profile = findProfile(state, input.InstanceProfileName)
      if (profile.role === undefined || profile.role.name !== input.RoleName)
        throw noRole(input.RoleName ?? '')
      delete profile.role
    })

  const DeleteInstanceProfile: Action<sdk.DeleteInstanceProfileCommandInput> = (input) =>
    store.change((state) => {
      const { name, role } = findProfile(state, input.InstanceProfileName)
      if (role) throw deleteConflict('remove roles from instance profile')
      state.profiles = state.profiles.filter((profile) => profile.name !== name)
    })

  const TagInstanceProfile: Action<sdk.TagInstanceProfileCommandInput> = (input) =>
    store.change((state) => {
      const profile = findProfile(state, input.InstanceProfileName)
      profile.tags = mergeTags(profile.tags, readTags(input.Tags))
    })

  const UntagInstanceProfile: Action<sdk.UntagInstanceProfileCommandInput> = (input) =>
    store.change((state) => {
      const profile = findProfile(state, input.InstanceProfileName)
      profile.tags = profile.tags.filter(({ key }) => !input.TagKeys?.includes(key))
    })

  const ListInstanceProfileTags: Action<sdk.ListInstanceProfileTagsCommandInput> = async (input) => {
    const { InstanceProfileName, ...paging } = input
    return page('Tags', tagsOut(findProfile(store.value, InstanceProfileName).tags), paging)
  }

  return {
    ...{ CreateInstanceProfile, GetInstanceProfile, ListInstanceProfiles, ListInstanceProfilesForRole },
    ...{ AddRoleToInstanceProfile, RemoveRoleFromInstanceProfile, DeleteInstanceProfile },
    ...{ TagInstanceProfile, UntagInstanceProfile, ListInstanceProfileTags },
  }
}
