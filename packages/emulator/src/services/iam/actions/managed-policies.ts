import type * as sdk from '@aws-sdk/client-iam'
import { ServiceError, type Action } from '../../service.ts'
import { encodeDocument, sameName, type Context } from '../context.ts'
import { alreadyExists, checkDocument, noSuchEntity } from '../errors.ts'
import { uniqueId } from '../ids.ts'
import { page } from '../pages.ts'
import { findPolicy, isAwsOwned, managedPolicies, type ManagedPolicy } from '../policies.ts'
import type { IamState } from '../state.ts'
import { checkName, checkPath, readTags } from '../validation.ts'

const attachedTo = ({ users, roles }: IamState, arn: string): number =>
  [...users, ...roles].filter(({ attached }) => attached.includes(arn)).length

function describePolicy(state: IamState, policy: ManagedPolicy) {
  return {
    PolicyName: policy.name,
    PolicyId: policy.id,
    Arn: policy.arn,
    Path: policy.path,
    DefaultVersionId: policy.version,
    AttachmentCount: attachedTo(state, policy.arn),
    PermissionsBoundaryUsageCount: 0,
    IsAttachable: true,
    ...(policy.description === undefined ? {} : { Description: policy.description }),
    CreateDate: new Date(policy.createdAt),
    UpdateDate: new Date(policy.updatedAt),
  }
}

/** Policies that stand on their own: AWS's, which are read only, and the account's, which have one version. */
export function managedPolicyActions({ store, accountId, clock }: Context) {
  const found = (arn: string | undefined): ManagedPolicy => {
    const policy = findPolicy(store.value, arn)
    if (!policy) throw noSuchEntity(`Policy ${arn} was not found.`)
    return policy
  }

  const GetPolicy: Action<sdk.GetPolicyCommandInput> = async ({ PolicyArn }) => ({
    Policy: describePolicy(store.value, found(PolicyArn)),
  })

  const GetPolicyVersion: Action<sdk.GetPolicyVersionCommandInput> = async ({ PolicyArn, VersionId }) => {
    const policy = found(PolicyArn)
    if (VersionId !== policy.version)
      throw noSuchEntity(`Policy ${PolicyArn} version ${VersionId} does not exist or is not attachable.`)
    return {
      PolicyVersion: {
        Document: encodeDocument(policy.document),
        VersionId: policy.version,
        IsDefaultVersion: true,
        CreateDate: new Date(policy.updatedAt),
      },
    }
  }

  const ListPolicies: Action<sdk.ListPoliciesCommandInput> = async (input) => {
    const { Scope = 'All', OnlyAttached = false, PathPrefix = '/', ...paging } = input
    const policies = managedPolicies(store.value).filter(
      ({ arn, path }) =>
        path.startsWith(PathPrefix) &&
        (Scope === 'All' || (Scope === 'AWS') === isAwsOwned(arn)) &&
        (!OnlyAttached || attachedTo(store.value, arn) > 0),
    )
    return page(
      'Policies',
      policies.map((policy) => describePolicy(store.value, policy)),
      paging,
    )
  }

  const CreatePolicy: Action<sdk.CreatePolicyCommandInput> = (input) =>
    store.change((state) => {
      const name = checkName(input.PolicyName, 'policyName', 128)
      const path = checkPath(input.Path)
      if (state.policies.some((policy) => sameName(policy.name, name)))
        throw alreadyExists(`A policy called ${name} already exists. Duplicate names are not allowed.`)
      const arn = `arn:aws:iam::${accountId}:policy${path}${name}`
      state.policies.push({
        ...{ name, path, arn },
        id: uniqueId('ANPA'),
        createdAt: clock.now().toISOString(),
        tags: readTags(input.Tags),
        document: checkDocument(input.PolicyDocument ?? ''),
        ...(input.Description === undefined ? {} : { description: input.Description }),
      })
      return { Policy: describePolicy(state, findPolicy(state, arn)!) }
    })

  const DeletePolicy: Action<sdk.DeletePolicyCommandInput> = ({ PolicyArn = '' }) =>
    store.change((state) => {
      if (isAwsOwned(PolicyArn))
        throw new ServiceError('AccessDenied', `Policy ${PolicyArn} is managed by AWS.`, 403)
      if (!state.policies.some(({ arn }) => arn === PolicyArn))
        throw noSuchEntity(`Policy ${PolicyArn} was not found.`)
      if (attachedTo(state, PolicyArn))
        throw new ServiceError('DeleteConflict', 'Cannot delete a policy attached to entities.', 409)
      state.policies = state.policies.filter(({ arn }) => arn !== PolicyArn)
    })

  return { GetPolicy, GetPolicyVersion, ListPolicies, CreatePolicy, DeletePolicy }
}
