import type { Need } from '../../authorization/authorize.ts'
import type { RequestContext } from '../../authorization/conditions.ts'
import { SERVICE_LINKED_ROLES, serviceLinkedPath } from './service-linked.ts'
import type { IamStore } from './state.ts'

/** Members of an input that name what an action is about. */
interface Named {
  RoleName?: string
  InstanceProfileName?: string
  UserName?: string
  PolicyArn?: string
  PolicyName?: string
  PolicySourceArn?: string
  AWSServiceName?: string
  Path?: string
  Tags?: { Key?: string; Value?: string }[]
}

/** What the caller of an action of IAM must be allowed (Service Authorization Reference, IAM): itself, on the ARN of what it is about. */
export const needsOf =
  (store: IamStore, accountId: string) =>
  (operation: string, input: Record<string, unknown>): Need[] => {
    const named = input as Named
    return [
      {
        action: `iam:${operation}`,
        resource: resourceOf(operation, named, store, accountId),
        context: contextOf(named),
      },
    ]
  }

function resourceOf(operation: string, named: Named, store: IamStore, accountId: string): string {
  const arn = (kind: string, path: string, name: string) => `arn:aws:iam::${accountId}:${kind}${path}${name}`
  const { roles, profiles, users } = store.value
  const { RoleName, InstanceProfileName, UserName, PolicyArn, AWSServiceName: service, Path = '/' } = named
  if (service !== undefined) {
    const name = Object.hasOwn(SERVICE_LINKED_ROLES, service) ? SERVICE_LINKED_ROLES[service]! : '*'
    return arn('role', serviceLinkedPath(service), name)
  }
  if (InstanceProfileName !== undefined) {
    const found = profiles.find(({ name }) => name === InstanceProfileName)
    return found?.arn ?? arn('instance-profile', Path, InstanceProfileName)
  }
  if (RoleName !== undefined)
    return roles.find(({ name }) => name === RoleName)?.arn ?? arn('role', Path, RoleName)
  if (UserName !== undefined)
    return users.find(({ name }) => name === UserName)?.arn ?? arn('user', Path, UserName)
  if (named.PolicySourceArn !== undefined) return named.PolicySourceArn
  if (PolicyArn !== undefined) return PolicyArn
  if (operation === 'CreatePolicy') return arn('policy', Path, named.PolicyName ?? '')
  const lists = { ListRoles: 'role', ListInstanceProfiles: 'instance-profile', ListUsers: 'user' } as const
  const kind = lists[operation as keyof typeof lists]
  return kind === undefined ? '*' : arn(kind, '/', '')
}

function contextOf({ PolicyArn, AWSServiceName, Tags }: Named): RequestContext {
  return {
    'iam:PolicyARN': PolicyArn,
    'iam:AWSServiceName': AWSServiceName,
    ...(Tags && { 'aws:TagKeys': Tags.flatMap(({ Key }) => Key ?? []) }),
    ...Object.fromEntries((Tags ?? []).map(({ Key, Value }) => [`aws:RequestTag/${Key}`, Value])),
  }
}
