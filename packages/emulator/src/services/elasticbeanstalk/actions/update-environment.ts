import type {
  UpdateEnvironmentCommandInput,
  UpdateEnvironmentCommandOutput,
} from '@aws-sdk/client-elastic-beanstalk'
import type { Action, Call } from '../../service.ts'
import type { Context } from '../context.ts'
import { invalidValue, notReady } from '../errors.ts'
import { beginOperation } from '../lifecycle/transitions.ts'
import { onNetwork } from '../options/network.ts'
import { applySettings, readRemovals, readSettings } from '../options/read.ts'
import { keyOf } from '../options/table.ts'
import type { Environment, Operation, Setting, Template } from '../state/model.ts'
import { checkParameters } from '../validation/parameters.ts'
import { platformNamed, refuseFailed, templateNamed } from './create-environment.ts'
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
  const template = templateNamed(context, environment.application, input)
  const platformVersion = template?.platformVersion ?? platformNamed(context, input)
  const asksSettings = [template, input.OptionSettings, input.OptionsToRemove].some(
    (asked) => asked !== undefined,
  )
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
          settings: onNetwork(
            context.ground.network,
            applySettings(
              environment.settings,
              [...(template?.settings ?? []), ...readSettings(input.OptionSettings)],
              [...replacedBy(environment, template), ...readRemovals(input.OptionsToRemove)],
            ),
            environment.settings,
          ),
        }
      : {}),
  }
}

/** A saved configuration takes the place of the environment's: what it doesn't have goes. */
function replacedBy({ settings }: Environment, template: Template | undefined): Setting[] {
  if (template === undefined) return []
  const kept = new Set(template.settings.map(keyOf))
  return settings.filter((setting) => !kept.has(keyOf(setting)))
}

function checkLabel({ store }: Context, { application }: Environment, label: string): string {
  const version = findVersion(findApplication(store, application), label)
  refuseFailed(version)
  return label
}
