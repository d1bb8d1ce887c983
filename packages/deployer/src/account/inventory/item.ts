import type { EnvironmentDescription } from '../../beanstalk/ports.ts'
import type { UnfinishedUpload } from '../ports.ts'

/** The kinds of things that an application may have in an account, in the order in which AWS lets go of them. */
export const KINDS = [
  'environment',
  'saved-configuration',
  'version',
  'object',
  'upload',
  'log-group',
  'security-group',
  'application',
  'instance-profile',
  'role',
  'bucket',
] as const
export type Kind = (typeof KINDS)[number]

/** One thing in words, with a name that a script can use: an object's is `s3://bucket/key`, a security group's its id. */
export interface Item {
  kind: Kind
  name: string
}

/** A thing that stays, and why. */
export interface Staying extends Item {
  why: string
}

/** What the removal of each kind needs to know beside the name. */
interface Details {
  environment: { description: EnvironmentDescription }
  'saved-configuration': object
  version: { label: string }
  object: { bucket: string; key: string; what: ObjectUse }
  upload: { bucket: string; upload: UnfinishedUpload }
  'log-group': object
  'security-group': { referencedBy: { id: string; name: string }[] }
  application: object
  'instance-profile': { roles: string[] }
  role: { policies: string[] }
  bucket: object
}

/** What an object is to the application: a version's bundle, a log of an environment, or what lucree itself keeps (lock, releases). */
export type ObjectUse = { is: 'bundle'; of: string[] } | { is: 'log' } | { is: 'record' }

/** A thing that is the application's and can be removed. */
export type Held<K extends Kind = Kind> = {
  [Each in K]: { kind: Each; name: string; environment?: string } & Details[Each]
}[K]

/** Two items with the same identity are the same thing, whenever they were seen. */
export function identityOf({ kind, name }: Item): string {
  return `${kind} ${name}`
}

export function itemOf({ kind, name }: Item): Item {
  return { kind, name }
}

export function isKind<K extends Kind>(kind: K) {
  return (held: Held): held is Extract<Held, { kind: K }> => held.kind === kind
}

/** By {@link KINDS}, and by name within a kind. */
export function inOrder(one: Item, other: Item): number {
  return KINDS.indexOf(one.kind) - KINDS.indexOf(other.kind) || (one.name < other.name ? -1 : 1)
}
