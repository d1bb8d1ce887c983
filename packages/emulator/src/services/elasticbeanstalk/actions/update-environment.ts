import type {
  UpdateEnvironmentCommandInput,
  UpdateEnvironmentCommandOutput,
} from '@aws-sdk/client-elastic-beanstalk'
import type { Action, Call } from '../../service.ts'
import type { Context } from '../context.ts'
import { invalidValue, notReady } from '../errors.ts'
import { beginOperation } from '../lifecycle/transitions.ts'
import { applySettings, readRemovals, readSettings } from '../options/read.ts'
import type { Environment, Operation } from '../state/model.ts'
import { checkParameters } from '../validation/parameters.ts'
import { platformOf, refuseFailed } from './create-environment.ts'
import { describeEnvironment } from './describe.ts'
import { findApplication, findEnvironment, findVersion } from './find.ts'
import type { Service } from './service.ts'

type Input = UpdateEnvironmentCommandInput

/** Answers Updating; version and settings may come together, and are then one deployment. */
export function updateEnvironment({
  context,
  operations,
}: Service): Action<Input, Omit<UpdateEnvironmentCommandOutput, '$metadata'>> {
  return async (input, call) => {
    checkParameters(input, [])
    const environment = findEnvironment(context.store, input)
    if (environment.status !== 'Ready') throw notReady(environment.name)
    refuseWhatCannotChange(environment, input)
    const operation = operationOf(context, environment, input, call)
    await context.store.changeEnvironment(environment.id, (draft) => {
      beginOperation(draft, operation)
      draft.lastDeployment += 1
      if (input.Description !== undefined) draft.description = input.Description
    })
    operations.start(environment.id)
    return describeEnvironment(context, context.store.environment(environment.id)!)
  }
}

function refuseWhatCannotChange(environment: Environment, { ApplicationName, Tier }: Input): void {
  if (ApplicationName !== undefined && ApplicationName !== environment.application) {
    throw invalidValue(`No Environment found for EnvironmentName = '${environment.name}'.`)
  }
  if (Tier?.Name !== undefined && Tier.Name !== environment.tier.name) {
    throw invalidValue('The tier of an environment cannot be changed.')
  }
}

function operationOf(context: Context, environment: Environment, input: Input, call: Call): Operation {
  const platformVersion = platformOf(context, input)
  const asksSettings = input.OptionSettings !== undefined || input.OptionsToRemove !== undefined
  return {
    kind: 'update',
    requestId: call.requestId,
    startedAt: context.clock.now().toISOString(),
    deploymentId: environment.lastDeployment + 1,
    ...(input.VersionLabel === undefined
      ? {}
      : { versionLabel: checkLabel(context, environment, input.VersionLabel) }),
    ...(platformVersion === undefined || platformVersion === environment.platformVersion
      ? {}
      : { platformVersion }),
    ...(asksSettings
      ? {
          settings: applySettings(
            environment.settings,
            readSettings(input.OptionSettings),
            readRemovals(input.OptionsToRemove),
          ),
        }
      : {}),
  }
}

function checkLabel({ store }: Context, { application }: Environment, label: string): string {
  const version = findVersion(findApplication(store, application), label)
  refuseFailed(version)
  return label
}
