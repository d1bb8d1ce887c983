import type * as sdk from '@aws-sdk/client-iam'
import type { Action } from '../../service.ts'
import { findUser, sameName, userOf, type Context } from '../context.ts'
import { alreadyExists, deleteConflict, limitExceeded, noSuchEntity } from '../errors.ts'
import { accessKeyId, secretAccessKey, uniqueId } from '../ids.ts'
import { page } from '../pages.ts'
import type { User } from '../state.ts'
import { checkName, checkPath, mergeTags, readTags, tagsOut } from '../validation.ts'

/** AWS's quota (IAM user guide, IAM and STS quotas). */
const MAX_KEYS = 2

const describeUser = (user: User) => ({
  Path: user.path,
  UserName: user.name,
  UserId: user.id,
  Arn: user.arn,
  CreateDate: new Date(user.createdAt),
})

const describeWithTags = (user: User) => ({
  ...describeUser(user),
  ...(user.tags.length ? { Tags: tagsOut(user.tags) } : {}),
})

/** Users and the access keys that they sign with. */
export function userActions({ store, accountId, clock }: Context) {
  const now = () => clock.now().toISOString()

  const CreateUser: Action<sdk.CreateUserCommandInput> = (input) =>
    store.change((state) => {
      const name = checkName(input.UserName, 'userName', 64)
      const path = checkPath(input.Path)
      if (state.users.some((user) => sameName(user.name, name)))
        throw alreadyExists(`User with name ${name} already exists.`)
      const user: User = {
        name,
        path,
        id: uniqueId('AIDA'),
        arn: `arn:aws:iam::${accountId}:user${path}${name}`,
        createdAt: now(),
        tags: readTags(input.Tags),
        attached: [],
        inline: [],
        keys: [],
      }
      state.users.push(user)
      return { User: describeWithTags(user) }
    })

  const GetUser: Action<sdk.GetUserCommandInput> = async ({ UserName }, { caller }) => ({
    User: describeWithTags(userOf(store.value, UserName, caller)),
  })

  const ListUsers: Action<sdk.ListUsersCommandInput> = async ({ PathPrefix = '/', ...paging }) => {
    const users = store.value.users.filter(({ path }) => path.startsWith(PathPrefix))
    return page('Users', users.map(describeUser), paging)
  }

  const DeleteUser: Action<sdk.DeleteUserCommandInput> = (input) =>
    store.change((state) => {
      const { name, keys, inline, attached } = findUser(state, input.UserName)
      if (keys.length) throw deleteConflict('delete access keys')
      if (inline.length) throw deleteConflict('delete policies')
      if (attached.length) throw deleteConflict('detach all policies')
      state.users = state.users.filter((user) => user.name !== name)
    })

  const TagUser: Action<sdk.TagUserCommandInput> = (input) =>
    store.change((state) => {
      const user = findUser(state, input.UserName)
      user.tags = mergeTags(user.tags, readTags(input.Tags))
    })

  const UntagUser: Action<sdk.UntagUserCommandInput> = (input) =>
    store.change((state) => {
      const user = findUser(state, input.UserName)
      user.tags = user.tags.filter(({ key }) => !input.TagKeys?.includes(key))
    })

  const ListUserTags: Action<sdk.ListUserTagsCommandInput> = async ({ UserName, ...paging }) =>
    page('Tags', tagsOut(findUser(store.value, UserName).tags), paging)

  const CreateAccessKey: Action<sdk.CreateAccessKeyCommandInput> = (input, { caller }) =>
    store.change((state) => {
      const user = userOf(state, input.UserName, caller)
      if (user.keys.length >= MAX_KEYS)
        throw limitExceeded(`Cannot exceed quota for AccessKeysPerUser: ${MAX_KEYS}`)
      const key = { id: accessKeyId(), secret: secretAccessKey(), active: true, createdAt: now() }
      user.keys.push(key)
      return {
        AccessKey: {
          UserName: user.name,
          AccessKeyId: key.id,
          Status: 'Active',
          SecretAccessKey: key.secret,
          CreateDate: new Date(key.createdAt),
        },
      }
    })

  const ListAccessKeys: Action<sdk.ListAccessKeysCommandInput> = async (input, { caller }) => {
    const { UserName, ...paging } = input
    const user = userOf(store.value, UserName, caller)
    const keys = user.keys.map(({ id, active, createdAt }) => ({
      UserName: user.name,
      AccessKeyId: id,
      Status: active ? 'Active' : 'Inactive',
      CreateDate: new Date(createdAt),
    }))
    return page('AccessKeyMetadata', keys, paging)
  }

  const UpdateAccessKey: Action<sdk.UpdateAccessKeyCommandInput> = (input, { caller }) =>
    store.change((state) => {
      findKey(userOf(state, input.UserName, caller), input.AccessKeyId).active = input.Status === 'Active'
    })

  const DeleteAccessKey: Action<sdk.DeleteAccessKeyCommandInput> = (input, { caller }) =>
    store.change((state) => {
      const user = userOf(state, input.UserName, caller)
      const { id } = findKey(user, input.AccessKeyId)
      user.keys = user.keys.filter((key) => key.id !== id)
    })

  return {
    ...{ CreateUser, GetUser, ListUsers, DeleteUser, TagUser, UntagUser, ListUserTags },
    ...{ CreateAccessKey, ListAccessKeys, UpdateAccessKey, DeleteAccessKey },
  }
}

function findKey({ keys }: User, id = '') {
  const key = keys.find((one) => one.id === id)
  if (!key) throw noSuchEntity(`The Access Key with id ${id} cannot be found.`)
  return key
}
