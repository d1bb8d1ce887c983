import type * as sdk from '@aws-sdk/client-iam'
import { contextOf } from '../../../authorization/authorize.ts'
import type { RequestContext } from '../../../authorization/conditions.ts'
import { evaluate } from '../../../authorization/evaluate.ts'
import { readPolicy, type PolicyDocument } from '../../../authorization/policy.ts'
import type { Action, Call } from '../../service.ts'
import type { Context } from '../context.ts'
import { checkDocument, invalidInput, noSuchEntity } from '../errors.ts'
import { page } from '../pages.ts'
import { policiesOf } from '../policies.ts'

type Entries = sdk.ContextEntry[] | undefined

/** What policies would say, by the same evaluation that every request goes through. */
export function simulateActions({ store, clock }: Context) {
  const SimulatePrincipalPolicy: Action<sdk.SimulatePrincipalPolicyCommandInput> = async (input, call) => {
    const arn = input.PolicySourceArn ?? ''
    const { users, roles } = store.value
    const identity = [...users, ...roles].find((one) => one.arn === arn)
    if (!identity) throw noSuchEntity(`The principal ${arn} cannot be found.`)
    const policies = [...policiesOf(store.value, identity), ...given(input.PolicyInputList)]
    const caller = { arn, accountId: call.caller.accountId, userId: identity.id }
    return results(policies, input, contextOf(caller, { region: call.region, clock }))
  }

  const SimulateCustomPolicy: Action<sdk.SimulateCustomPolicyCommandInput> = async (input, call: Call) =>
    results(given(input.PolicyInputList), input, contextOf(call.caller, { region: call.region, clock }))

  return { SimulatePrincipalPolicy, SimulateCustomPolicy }
}

const given = (documents: string[] = []): PolicyDocument[] =>
  documents.map((document) => readPolicy(checkDocument(document)))

function results(
  policies: PolicyDocument[],
  input: sdk.SimulatePrincipalPolicyCommandInput | sdk.SimulateCustomPolicyCommandInput,
  common: RequestContext,
) {
  const actions = input.ActionNames ?? []
  const resources = input.ResourceArns?.length ? input.ResourceArns : ['*']
  const wrong = actions.find((action) => !/^[\w-]+:\w+$/.test(action))
  if (wrong !== undefined) throw invalidInput(`Invalid Entity Name: ${wrong}`)
  const context = { ...common, ...entriesOf(input.ContextEntries) }
  const simulated = actions.flatMap((action) =>
    resources.map((resource) => ({
      EvalActionName: action,
      EvalResourceName: resource,
      EvalDecision: evaluate(policies, { action, resource, context }),
      MatchedStatements: [],
      MissingContextValues: [],
    })),
  )
  return page('EvaluationResults', simulated, input)
}

const entriesOf = (entries: Entries): RequestContext =>
  Object.fromEntries(
    (entries ?? []).map(({ ContextKeyName = '', ContextKeyValues = [] }) => [
      ContextKeyName,
      ContextKeyValues,
    ]),
  )
