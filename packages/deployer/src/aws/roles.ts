import {
  AddRoleToInstanceProfileCommand,
  AttachRolePolicyCommand,
  CreateInstanceProfileCommand,
  CreateRoleCommand,
  DeleteInstanceProfileCommand,
  DeleteRoleCommand,
  DetachRolePolicyCommand,
  GetInstanceProfileCommand,
  GetRoleCommand,
  IAMClient,
  paginateListAttachedRolePolicies,
  paginateSimulatePrincipalPolicy,
  RemoveRoleFromInstanceProfileCommand,
} from '@aws-sdk/client-iam'
import type { Roles } from '../account/ports.ts'
import { caller, collected, unless } from './caller.ts'
import { callOptions, clientOptions } from './client-options.ts'
import type { Connection } from './connection.ts'
import { tagsOf, toTags } from './tags.ts'

/** IAM's word for what isn't there. */
const ABSENT = ['NoSuchEntity']

/** IAM behind the {@link Roles} port. */
export function openRoles(connection: Connection): Roles {
  const client = new IAMClient(clientOptions(connection))
  const run = caller(connection)

  return {
    describeRole: (name, signal) =>
      run('GetRole', signal, () =>
        unless(ABSENT, undefined, async () => {
          const { Role } = await client.send(new GetRoleCommand({ RoleName: name }), callOptions(signal))
          if (!Role) return undefined
          const attached = paginateListAttachedRolePolicies({ client }, { RoleName: name })
          return {
            name: Role.RoleName ?? name,
            arn: Role.Arn ?? '',
            trust: decoded(Role.AssumeRolePolicyDocument),
            policies: await collected(
              attached,
              (page) => page.AttachedPolicies?.flatMap(({ PolicyArn }) => PolicyArn ?? []),
              signal,
            ),
            tags: tagsOf(Role.Tags),
          }
        }),
      ),

    createRole: ({ name, description, trust, tags }, signal) =>
      run('CreateRole', signal, async () => {
        const { Role } = await client.send(
          new CreateRoleCommand({
            RoleName: name,
            Description: description,
            AssumeRolePolicyDocument: JSON.stringify(trust),
            Tags: toTags(tags),
          }),
          callOptions(signal),
        )
        return Role?.Arn ?? ''
      }),

    deleteRole: (name, signal) =>
      run('DeleteRole', signal, () =>
        unless(ABSENT, undefined, async () => {
          await client.send(new DeleteRoleCommand({ RoleName: name }), callOptions(signal))
        }),
      ),

    attachPolicy: (role, policyArn, signal) =>
      run('AttachRolePolicy', signal, async () => {
        await client.send(
          new AttachRolePolicyCommand({ RoleName: role, PolicyArn: policyArn }),
          callOptions(signal),
        )
      }),

    detachPolicy: (role, policyArn, signal) =>
      run('DetachRolePolicy', signal, () =>
        unless(ABSENT, undefined, async () => {
          await client.send(
            new DetachRolePolicyCommand({ RoleName: role, PolicyArn: policyArn }),
            callOptions(signal),
          )
        }),
      ),

    describeProfile: (name, signal) =>
      run('GetInstanceProfile', signal, () =>
        unless(ABSENT, undefined, async () => {
          const { InstanceProfile: profile } = await client.send(
            new GetInstanceProfileCommand({ InstanceProfileName: name }),
            callOptions(signal),
          )
          return (
            profile && {
              name: profile.InstanceProfileName ?? name,
              arn: profile.Arn ?? '',
              roles: (profile.Roles ?? []).flatMap(({ RoleName }) => RoleName ?? []),
              tags: tagsOf(profile.Tags),
            }
          )
        }),
      ),

    createProfile: ({ name, tags }, signal) =>
      run('CreateInstanceProfile', signal, async () => {
        await client.send(
          new CreateInstanceProfileCommand({ InstanceProfileName: name, Tags: toTags(tags) }),
          callOptions(signal),
        )
      }),

    deleteProfile: (name, signal) =>
      run('DeleteInstanceProfile', signal, () =>
        unless(ABSENT, undefined, async () => {
          await client.send(
            new DeleteInstanceProfileCommand({ InstanceProfileName: name }),
            callOptions(signal),
          )
        }),
      ),

    addRoleToProfile: (profile, role, signal) =>
      run('AddRoleToInstanceProfile', signal, async () => {
        try {
          await client.send(
            new AddRoleToInstanceProfileCommand({ InstanceProfileName: profile, RoleName: role }),
            callOptions(signal),
          )
        } catch (error) {
          // A profile takes one role: it may be this one, of an earlier try whose answer was lost.
          if ((error as Error).name !== 'LimitExceededException') throw error
          const { InstanceProfile: found } = await client.send(
            new GetInstanceProfileCommand({ InstanceProfileName: profile }),
            callOptions(signal),
          )
          if (!found?.Roles?.some(({ RoleName }) => RoleName === role)) throw error
        }
      }),

    removeRoleFromProfile: (profile, role, signal) =>
      run('RemoveRoleFromInstanceProfile', signal, () =>
        unless(ABSENT, undefined, async () => {
          await client.send(
            new RemoveRoleFromInstanceProfileCommand({ InstanceProfileName: profile, RoleName: role }),
            callOptions(signal),
          )
        }),
      ),

    simulate: (principalArn, actions, resources, signal) =>
      run('SimulatePrincipalPolicy', signal, () =>
        collected(
          paginateSimulatePrincipalPolicy(
            { client },
            {
              PolicySourceArn: principalArn,
              ActionNames: actions,
              ...(resources?.length ? { ResourceArns: resources } : {}),
            },
          ),
          (page) =>
            page.EvaluationResults?.map(({ EvalActionName, EvalDecision }) => ({
              action: EvalActionName ?? '',
              allowed: EvalDecision === 'allowed',
            })),
          signal,
        ),
      ),
  }
}

/** IAM gives policy documents URL-encoded; one that is no JSON is given as it is. */
function decoded(document: string | undefined): unknown {
  if (document === undefined) return undefined
  const text = decodeURIComponent(document)
  try {
    return JSON.parse(text)
  } catch {
    return text
  }
}
