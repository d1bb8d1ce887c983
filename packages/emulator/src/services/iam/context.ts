import type { Clock } from '../../clock.ts'
import { noProfile, noRole, noUser, unmodifiable } from './errors.ts'
import type { IamState, IamStore, Profile, Role, User } from './state.ts'

/** What the actions of IAM work on. */
export interface Context {
  store: IamStore
  accountId: string
  clock: Clock
  /** What uses a role, in words; an empty list when nothing does. */
  usersOf: (role: string) => string[]
}

const SERVICE_LINKED = '/aws-service-role/'

/** Roles, profiles, users and policies are told apart without regard to case, and found only as they are spelled. */
export const sameName = (a: string, b: string): boolean => a.toLowerCase() === b.toLowerCase()

export function findRole({ roles }: IamState, name: string | undefined): Role {
  const role = roles.find((one) => one.name === name)
  if (!role) throw noRole(name ?? '')
  return role
}

/** A role that its account may change. Throws ServiceError `UnmodifiableEntity` for a service-linked one. */
export function ownRole(state: IamState, name: string | undefined): Role {
  const role = findRole(state, name)
  if (isServiceLinked(role)) throw unmodifiable(role.name)
  return role
}

export const isServiceLinked = ({ path }: { path: string }): boolean => path.startsWith(SERVICE_LINKED)

export function findProfile({ profiles }: IamState, name: string | undefined): Profile {
  const profile = profiles.find((one) => one.name === name)
  if (!profile) throw noProfile(name ?? '')
  return profile
}

export function findUser({ users }: IamState, name: string | undefined): User {
  const user = users.find((one) => one.name === name)
  if (!user) throw noUser(name ?? '')
  return user
}

/** The user that a call is about: the one it names, else the one that makes it. */
export function userOf(state: IamState, name: string | undefined, caller: { arn: string }): User {
  return findUser(state, name ?? caller.arn.split('/').at(-1))
}

/** Documents go over the wire percent-encoded, as RFC 3986 says. */
export const encodeDocument = (text: string): string =>
  encodeURIComponent(text).replace(/[!'()*]/g, (sign) => `%${sign.charCodeAt(0).toString(16).toUpperCase()}`)
