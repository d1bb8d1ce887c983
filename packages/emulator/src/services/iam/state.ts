import { join } from 'node:path'
import * as z from 'zod'
import type { Account } from '../../account.ts'
import { readJsonFile, type JsonFile } from '../elasticbeanstalk/state/json-file.ts'

const Tag = z.strictObject({ key: z.string(), value: z.string() })
const entity = {
  name: z.string(),
  /** Starts and ends with a slash. */
  path: z.string(),
  id: z.string(),
  arn: z.string(),
  /** ISO 8601. */
  createdAt: z.string(),
  tags: z.array(Tag),
}
/** Somebody whom policies speak about: attached ones by ARN, inline ones as their text. */
const identity = {
  ...entity,
  attached: z.array(z.string()),
  inline: z.array(z.strictObject({ name: z.string(), document: z.string() })),
}

const Role = z.strictObject({
  ...identity,
  trust: z.string(),
  description: z.string().optional(),
  /** In seconds. */
  maxSession: z.number(),
  /** When its policies or trust last changed; others see it a while after. */
  changedAt: z.string(),
})
const Profile = z.strictObject({
  ...entity,
  role: z.strictObject({ name: z.string(), addedAt: z.string() }).optional(),
})
const AccessKey = z.strictObject({
  id: z.string(),
  secret: z.string(),
  active: z.boolean(),
  createdAt: z.string(),
})
const User = z.strictObject({ ...identity, keys: z.array(AccessKey) })
const Policy = z.strictObject({ ...entity, document: z.string(), description: z.string().optional() })
const Deletion = z.strictObject({ id: z.string(), refused: z.string().optional(), role: z.string() })

const State = z.strictObject({
  roles: z.array(Role),
  profiles: z.array(Profile),
  users: z.array(User),
  policies: z.array(Policy),
  /** Of service-linked roles. */
  deletions: z.array(Deletion),
})

export type Tag = z.infer<typeof Tag>
export type Role = z.infer<typeof Role>
export type Profile = z.infer<typeof Profile>
export type User = z.infer<typeof User>
export type CustomerPolicy = z.infer<typeof Policy>
export type IamState = z.infer<typeof State>
export type IamStore = JsonFile<IamState>

/** Opens `iam.json` of the state directory. A new account has one user, who called it into being, and no roles or profiles. */
export function openIamStore(dir: string, account: Account, createdAt: string): Promise<IamStore> {
  return readJsonFile(join(dir, 'iam.json'), State, {
    roles: [],
    profiles: [],
    users: [firstUser(account, createdAt)],
    policies: [],
    deletions: [],
  })
}

/** The user that the account came with: an administrator, or held to the scenario's policy. */
function firstUser({ caller, credentials, scenario }: Account, createdAt: string): User {
  const narrow = scenario.policy !== undefined
  return {
    name: caller.arn.split('/').at(-1) ?? '',
    path: '/',
    id: caller.userId,
    arn: caller.arn,
    createdAt,
    tags: [],
    attached: narrow ? [] : ['arn:aws:iam::aws:policy/AdministratorAccess'],
    inline: narrow ? [{ name: 'narrow-permissions', document: JSON.stringify(scenario.policy) }] : [],
    keys: [{ id: credentials.accessKeyId, secret: credentials.secretAccessKey, active: true, createdAt }],
  }
}
