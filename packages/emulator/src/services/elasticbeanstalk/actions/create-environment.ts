import type {
  CreateEnvironmentCommandInput,
  CreateEnvironmentCommandOutput,
} from '@aws-sdk/client-elastic-beanstalk'
import { ServiceError, type Action } from '../../service.ts'
import type { Context } from '../context.ts'
import { invalidCombination, invalidValue, missingParameter } from '../errors.ts'
import * as ids from '../ids.ts'
import { sampleLabel } from '../instance/sample-application.ts'
import { onNetwork } from '../options/network.ts'
import { applySettings, readRemovals, readSettings } from '../options/read.ts'
import { mergeSettings } from '../options/settings.ts'
import { platformsOf, versionOfArn, versionOfStack } from '../platform/catalog.ts'
import type { Environment, Operation, Template } from '../state/model.ts'
import { checkParameters } from '../validation/parameters.ts'
import { readTags } from '../validation/tags.ts'
import { describeEnvironment } from './describe.ts'
import { isPrefixFree, qualifiedName } from './dns.ts'
import { findApplication, findTemplate, findVersion, liveEnvironments } from './find.ts'
import { quotas } from './quotas.ts'
import type { Service } from './service.ts'

type Input = CreateEnvironmentCommandInput

/** Answers Launching once the environment is on disk and its address is taken; the launch goes on behind it. */
export function createEnvironment({
  context,
  operations,
}: Service): Action<Input, Omit<CreateEnvironmentCommandOutput, '$metadata'>> {
  return async (input, call) => {
    checkParameters(input, ['ApplicationName'])
    const environment = newEnvironment(context, input, call.requestId)
    environment.port = await context.fronts.open(environment.id)
    try {
      await context.store.addEnvironment(environment)
    } catch (error) {
      await context.fronts.close(environment.id)
      throw error
    }
    operations.start(environment.id)
    return describeEnvironment(context, environment)
  }
}

function newEnvironment(context: Context, input: Input, requestId: string): Environment {
  const { name, prefix } = checkName(context, input)
  const label = checkVersionLabel(context, input)
  const template = templateNamed(context, input.ApplicationName!, input)
  const platformVersion = template?.platformVersion ?? platformNamed(context, input)
  if (platformVersion === undefined)
    throw invalidValue('Unable to determine base for template pack (no solution stack)')
  const removals = readRemovals(input.OptionsToRemove)
  const asked = applySettings(
    undefined,
    [...mergeSettings(template?.settings ?? [], [], removals), ...readSettings(input.OptionSettings)],
    removals,
  )
  const settings = onNetwork(context.ground.network, asked, undefined)
  const at = context.clock.now().toISOString()
  return {
    id: ids.environmentId(),
    name,
    application: input.ApplicationName!,
    ...(input.Description === undefined ? {} : { description: input.Description }),
    tier: checkTier(input),
    cnamePrefix: prefix,
    port: 0,
    platformVersion,
    versionLabel: label,
    deploymentId: 1,
    lastDeployment: 1,
    status: 'Launching',
    settings,
    tags: readTags(input.Tags),
    createdAt: at,
    updatedAt: at,
    instances: [],
    resources: {
      securityGroup: ids.securityGroupId(),
      address: ids.elasticAddress(),
      suffix: ids.resourceSuffix(),
      balancer: ids.balancerSuffix(),
      made: [],
    },
    operation: {
      kind: 'create',
      requestId,
      startedAt: at,
      versionLabel: label,
      deploymentId: 1,
    } satisfies Operation,
    logs: [],
  }
}

function checkName(
  context: Context,
  { EnvironmentName: name, CNAMEPrefix: given }: Input,
): { name: string; prefix: string } {
  if (name === undefined) throw missingParameter('EnvironmentName must be specified.')
  checkCapacity(context, name)
  const prefix = (given ?? `${name}.eba-${ids.resourceSuffix().slice(0, 8)}`).toLowerCase()
  checkPrefix(context, prefix)
  return { name, prefix }
}

/** Throws when another environment has the name, or when there are too many. */
export function checkCapacity(context: Context, name: string): void {
  const live = liveEnvironments(context.store)
  if (live.some((environment) => environment.name === name))
    throw invalidValue(`Environment ${name} already exists.`)
  if (live.length >= quotas.environments) {
    const advice = 'Either terminate some Environments or request a limit increase.'
    throw new ServiceError(
      'TooManyEnvironmentsException',
      `You cannot have more than ${quotas.environments} Environments. ${advice}`,
    )
  }
}

export function checkPrefix(context: Context, prefix: string): void {
  if (!isPrefixFree(context, prefix))
    throw invalidValue(`DNS name (${qualifiedName(context, prefix)}) is not available.`)
}

function checkVersionLabel({ store }: Context, { ApplicationName, VersionLabel }: Input): string {
  const application = findApplication(store, ApplicationName!)
  if (VersionLabel === undefined) return sampleLabel
  refuseFailed(findVersion(application, VersionLabel))
  return VersionLabel
}

/** A version whose processing failed can't be deployed. */
export function refuseFailed({ label, status }: { label: string; status: string }): void {
  if (status !== 'FAILED') return
  throw invalidValue(`Application Version ${label} has failed to process and can not be deployed.`)
}

interface PlatformKey {
  PlatformArn?: string | undefined
  SolutionStackName?: string | undefined
}

/** The saved configuration that the request names, which brings its own platform; undefined when it names none. */
export function templateNamed(
  { store }: Context,
  application: string,
  input: PlatformKey & { TemplateName?: string | undefined },
): Template | undefined {
  if (input.TemplateName === undefined) return undefined
  if (input.PlatformArn !== undefined || input.SolutionStackName !== undefined)
    throw invalidCombination(
      'TemplateName cannot be specified together with PlatformArn or SolutionStackName.',
    )
  return findTemplate(findApplication(store, application), input.TemplateName)
}

/** The platform version that the request names; undefined when it names none. Throws when there is no such platform. */
export function platformNamed({ region, ground }: Context, input: PlatformKey): string | undefined {
  const platforms = platformsOf(ground.scenario)
  const { PlatformArn, SolutionStackName } = input
  if (PlatformArn !== undefined && SolutionStackName !== undefined) {
    throw invalidCombination('PlatformArn and SolutionStackName cannot both be specified.')
  }
  if (PlatformArn !== undefined) {
    return versionOfArn(PlatformArn, region, platforms) ?? refuse(`No Platform named '${PlatformArn}' found.`)
  }
  if (SolutionStackName !== undefined) {
    return (
      versionOfStack(SolutionStackName, platforms) ??
      refuse(`No Solution Stack named '${SolutionStackName}' found.`)
    )
  }
  return undefined
}

function checkTier({ Tier }: Input): Environment['tier'] {
  const name = Tier?.Name ?? 'WebServer'
  const type = Tier?.Type ?? 'Standard'
  if (name !== 'WebServer' || type !== 'Standard') {
    throw invalidValue(`The embedded Beanstalk has no tier ${name}/${type}, only WebServer/Standard.`)
  }
  return { name, type, version: '1.0' }
}

function refuse(message: string): never {
  throw invalidValue(message)
}
