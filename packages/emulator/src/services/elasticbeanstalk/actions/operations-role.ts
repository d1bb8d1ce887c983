import type {
  AssociateEnvironmentOperationsRoleCommandInput,
  DisassociateEnvironmentOperationsRoleCommandInput,
} from '@aws-sdk/client-elastic-beanstalk'
import type { Action } from '../../service.ts'
import { checkParameters } from '../validation/parameters.ts'
import { findEnvironment } from './find.ts'
import type { Service } from './service.ts'

/** Kept and told by DescribeEnvironments; nothing is done with the role, since the account's own rights hold everywhere. */
export function associateEnvironmentOperationsRole({
  context,
}: Service): Action<AssociateEnvironmentOperationsRoleCommandInput, object> {
  return async (input) => {
    checkParameters(input, ['EnvironmentName', 'OperationsRole'])
    const { id } = findEnvironment(context.store, input)
    await context.store.changeEnvironment(id, (draft) => {
      draft.operationsRole = input.OperationsRole!
    })
    return {}
  }
}

export function disassociateEnvironmentOperationsRole({
  context,
}: Service): Action<DisassociateEnvironmentOperationsRoleCommandInput, object> {
  return async (input) => {
    checkParameters(input, ['EnvironmentName'])
    const { id } = findEnvironment(context.store, input)
    await context.store.changeEnvironment(id, (draft) => {
      delete draft.operationsRole
    })
    return {}
  }
}
