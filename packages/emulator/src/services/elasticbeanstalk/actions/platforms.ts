import type {
  DescribePlatformVersionCommandInput,
  DescribePlatformVersionCommandOutput,
  ListAvailableSolutionStacksCommandOutput,
  ListPlatformBranchesCommandInput,
  ListPlatformBranchesCommandOutput,
  ListPlatformVersionsCommandInput,
  ListPlatformVersionsCommandOutput,
  PlatformSummary,
} from '@aws-sdk/client-elastic-beanstalk'
import type { Action } from '../../service.ts'
import { constraintViolated, invalidValue } from '../errors.ts'
import {
  branchName,
  operatingSystem,
  platformArnOf,
  platformsOf,
  solutionStackOf,
  versionOfArn,
  type PlatformVersion,
} from '../platform/catalog.ts'
import { matchesFilters } from '../platform/filters.ts'
import { checkParameters } from '../validation/parameters.ts'
import { pageOf } from './pages.ts'
import type { Service } from './service.ts'

type Answer<T> = Omit<T, '$metadata'>

/** Newest first. */
export function listPlatformVersions({
  context,
}: Service): Action<ListPlatformVersionsCommandInput, Answer<ListPlatformVersionsCommandOutput>> {
  return async (input) => {
    checkParameters(input, [])
    const filters = (input.Filters ?? []).map(({ Type, Operator, Values }) => ({
      name: Type,
      Operator,
      Values,
    }))
    const found = platformsOf(context.ground.scenario).filter((platform) =>
      matchesFilters(attributesOf(platform), filters),
    )
    const { items, ...next } = pageOf(found, input.MaxRecords, input.NextToken)
    return { PlatformSummaryList: items.map((platform) => summaryOf(platform, context.region)), ...next }
  }
}

function attributesOf({ version, lifecycle }: PlatformVersion): Record<string, string[]> {
  return {
    PlatformName: [branchName],
    PlatformVersion: [version],
    PlatformStatus: ['Ready'],
    PlatformBranchName: [branchName],
    PlatformLifecycleState: [lifecycle],
    PlatformOwner: ['AWSElasticBeanstalk'],
    SupportedTier: ['WebServer/Standard', 'Worker/SQS/HTTP'],
    SupportedAddon: ['Log/S3', 'Monitoring/Healthd', 'WorkerDaemon/SQSD'],
    ProgrammingLanguageName: [],
    OperatingSystemName: [operatingSystem.name],
  }
}

function summaryOf({ version, lifecycle }: PlatformVersion, region: string): PlatformSummary {
  return {
    PlatformArn: platformArnOf(version, region),
    PlatformOwner: 'AWSElasticBeanstalk',
    PlatformStatus: 'Ready',
    PlatformCategory: 'Docker',
    OperatingSystemName: operatingSystem.name,
    OperatingSystemVersion: operatingSystem.version,
    SupportedTierList: ['WebServer/Standard', 'Worker/SQS/HTTP'],
    SupportedAddonList: ['Log/S3', 'Monitoring/Healthd', 'WorkerDaemon/SQSD'],
    ...(lifecycle === '' ? {} : { PlatformLifecycleState: lifecycle }),
    PlatformVersion: version,
    PlatformBranchName: branchName,
    PlatformBranchLifecycleState: 'Supported',
  }
}

export function describePlatformVersion({
  context,
}: Service): Action<DescribePlatformVersionCommandInput, Answer<DescribePlatformVersionCommandOutput>> {
  return async ({ PlatformArn }) => {
    if (PlatformArn === undefined) throw constraintViolated('null', 'PlatformArn', 'Member must not be null')
    const platforms = platformsOf(context.ground.scenario)
    const version = versionOfArn(PlatformArn, context.region, platforms)
    const platform = platforms.find((one) => one.version === version)
    if (platform === undefined) throw invalidValue(`No Platform named '${PlatformArn}' found.`)
    const { PlatformBranchLifecycleState, ...summary } = summaryOf(platform, context.region)
    return {
      PlatformDescription: {
        ...summary,
        PlatformBranchLifecycleState,
        PlatformName: branchName,
        SolutionStackName: solutionStackOf(platform.version),
        DateCreated: new Date(platform.releasedAt),
        DateUpdated: new Date(platform.releasedAt),
        Description: solutionStackOf(platform.version),
        Maintainer: 'aws-elasticbeanstalk-platforms@amazon.com',
        ProgrammingLanguages: [],
        Frameworks: [{ Name: 'Docker', Version: '25' }],
        CustomAmiList: [],
      },
    }
  }
}

export function listPlatformBranches(): Action<
  ListPlatformBranchesCommandInput,
  Answer<ListPlatformBranchesCommandOutput>
> {
  const attributes = {
    BranchName: [branchName],
    LifecycleState: ['Supported'],
    PlatformName: ['Docker'],
    TierType: ['WebServer/Standard', 'Worker/SQS/HTTP'],
  }
  return async (input) => {
    checkParameters(input, [])
    const filters = (input.Filters ?? []).map(({ Attribute, Operator, Values }) => ({
      name: Attribute,
      Operator,
      Values,
    }))
    const branch = {
      PlatformName: 'Docker',
      BranchName: branchName,
      LifecycleState: 'Supported',
      BranchOrder: 100,
      SupportedTierList: attributes.TierType,
    }
    return { PlatformBranchSummaryList: matchesFilters(attributes, filters) ? [branch] : [] }
  }
}

export function listAvailableSolutionStacks({
  context,
}: Service): Action<object, Answer<ListAvailableSolutionStacksCommandOutput>> {
  return async () => {
    const stacks = platformsOf(context.ground.scenario).map(({ version }) => solutionStackOf(version))
    return {
      SolutionStacks: stacks,
      SolutionStackDetails: stacks.map((stack) => ({ SolutionStackName: stack, PermittedFileTypes: [] })),
    }
  }
}
