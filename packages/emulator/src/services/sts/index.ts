import * as sdk from '@aws-sdk/client-sts'
import { operationSchemas } from '../../protocol/schema.ts'
import type { Action, QueryService } from '../service.ts'

/** Who the caller's credentials belong to. */
const getCallerIdentity: Action<object, sdk.GetCallerIdentityCommandOutput | object> = async (
  _input,
  call,
) => ({
  UserId: call.caller.userId,
  Account: call.caller.accountId,
  Arn: call.caller.arn,
})

/** The Security Token Service, as far as a deploy asks it. */
export const sts: QueryService = {
  signingName: 'sts',
  apiVersion: '2011-06-15',
  xmlNamespace: 'https://sts.amazonaws.com/doc/2011-06-15/',
  schemas: operationSchemas(sdk),
  actions: { GetCallerIdentity: getCallerIdentity },
  // everyone may ask who they are, whatever their policies say
  needs: () => [],
}
