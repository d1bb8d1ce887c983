import type * as sdk from '@aws-sdk/client-elastic-beanstalk'
import { ZipArchive } from 'archiver'
import { randomUUID } from 'node:crypto'
import { mkdtemp, readdir, readFile, realpath, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { buffer } from 'node:stream/consumers'
import { onTestFinished } from 'vitest'
import { systemClock } from '../../../src/clock.ts'
import type { Pace } from '../../../src/pace.ts'
import { ProcessRuntime } from '../../../src/runtime/process.ts'
import type { Runtime } from '../../../src/runtime/runtime.ts'
import { noFaults, type Faults } from '../../../src/services/elasticbeanstalk/faults.ts'
import { readScenario, type Scenario } from '../../../src/scenario.ts'
import { openNetwork } from '../../../src/services/ec2/world/network.ts'
import { createElasticBeanstalk } from '../../../src/services/elasticbeanstalk/index.ts'
import { openLogGroups } from '../../../src/services/logs/groups.ts'
import { DiskStore } from '../../../src/services/s3/disk/store.ts'

const region = 'us-east-1'
export const accountId = '123456789012'

interface Calls {
  CreateApplication: [sdk.CreateApplicationCommandInput, sdk.ApplicationDescriptionMessage]
  DescribeApplications: [sdk.DescribeApplicationsCommandInput, sdk.ApplicationDescriptionsMessage]
  DeleteApplication: [sdk.DeleteApplicationCommandInput, object]
  CreateApplicationVersion: [
    sdk.CreateApplicationVersionCommandInput,
    sdk.ApplicationVersionDescriptionMessage,
  ]
  DescribeApplicationVersions: [
    sdk.DescribeApplicationVersionsCommandInput,
    sdk.ApplicationVersionDescriptionsMessage,
  ]
  DeleteApplicationVersion: [sdk.DeleteApplicationVersionCommandInput, object]
  CreateStorageLocation: [object, sdk.CreateStorageLocationResultMessage]
  CheckDNSAvailability: [sdk.CheckDNSAvailabilityCommandInput, sdk.CheckDNSAvailabilityResultMessage]
  CreateEnvironment: [sdk.CreateEnvironmentCommandInput, sdk.EnvironmentDescription]
  DescribeEnvironments: [sdk.DescribeEnvironmentsCommandInput, sdk.EnvironmentDescriptionsMessage]
  AbortEnvironmentUpdate: [sdk.AbortEnvironmentUpdateCommandInput, object]
  SwapEnvironmentCNAMEs: [sdk.SwapEnvironmentCNAMEsCommandInput, object]
  RebuildEnvironment: [sdk.RebuildEnvironmentCommandInput, object]
  UpdateApplication: [sdk.UpdateApplicationCommandInput, sdk.ApplicationDescriptionMessage]
  UpdateApplicationVersion: [
    sdk.UpdateApplicationVersionCommandInput,
    sdk.ApplicationVersionDescriptionMessage,
  ]
  UpdateApplicationResourceLifecycle: [
    sdk.UpdateApplicationResourceLifecycleCommandInput,
    sdk.ApplicationResourceLifecycleDescriptionMessage,
  ]
  CreateConfigurationTemplate: [
    sdk.CreateConfigurationTemplateCommandInput,
    sdk.ConfigurationSettingsDescription,
  ]
  UpdateConfigurationTemplate: [
    sdk.UpdateConfigurationTemplateCommandInput,
    sdk.ConfigurationSettingsDescription,
  ]
  DeleteConfigurationTemplate: [sdk.DeleteConfigurationTemplateCommandInput, object]
  DeleteEnvironmentConfiguration: [sdk.DeleteEnvironmentConfigurationCommandInput, object]
  ComposeEnvironments: [sdk.ComposeEnvironmentsCommandInput, sdk.EnvironmentDescriptionsMessage]
  DescribeEnvironmentManagedActions: [
    sdk.DescribeEnvironmentManagedActionsCommandInput,
    sdk.DescribeEnvironmentManagedActionsResult,
  ]
  DescribeEnvironmentManagedActionHistory: [
    sdk.DescribeEnvironmentManagedActionHistoryCommandInput,
    sdk.DescribeEnvironmentManagedActionHistoryResult,
  ]
  AssociateEnvironmentOperationsRole: [sdk.AssociateEnvironmentOperationsRoleCommandInput, object]
  DisassociateEnvironmentOperationsRole: [sdk.DisassociateEnvironmentOperationsRoleCommandInput, object]
  UpdateEnvironment: [sdk.UpdateEnvironmentCommandInput, sdk.EnvironmentDescription]
  TerminateEnvironment: [sdk.TerminateEnvironmentCommandInput, sdk.EnvironmentDescription]
  RestartAppServer: [sdk.RestartAppServerCommandInput, object]
  DescribeEvents: [sdk.DescribeEventsCommandInput, sdk.EventDescriptionsMessage]
  DescribeEnvironmentHealth: [sdk.DescribeEnvironmentHealthCommandInput, sdk.DescribeEnvironmentHealthResult]
  DescribeInstancesHealth: [sdk.DescribeInstancesHealthCommandInput, sdk.DescribeInstancesHealthResult]
  DescribeEnvironmentResources: [
    sdk.DescribeEnvironmentResourcesCommandInput,
    sdk.EnvironmentResourceDescriptionsMessage,
  ]
  DescribeConfigurationSettings: [
    sdk.DescribeConfigurationSettingsCommandInput,
    sdk.ConfigurationSettingsDescriptions,
  ]
  DescribeConfigurationOptions: [
    sdk.DescribeConfigurationOptionsCommandInput,
    sdk.ConfigurationOptionsDescription,
  ]
  ValidateConfigurationSettings: [
    sdk.ValidateConfigurationSettingsCommandInput,
    sdk.ConfigurationSettingsValidationMessages,
  ]
  RequestEnvironmentInfo: [sdk.RequestEnvironmentInfoCommandInput, object]
  RetrieveEnvironmentInfo: [sdk.RetrieveEnvironmentInfoCommandInput, sdk.RetrieveEnvironmentInfoResultMessage]
  ListPlatformVersions: [sdk.ListPlatformVersionsCommandInput, sdk.ListPlatformVersionsResult]
  ListPlatformBranches: [sdk.ListPlatformBranchesCommandInput, sdk.ListPlatformBranchesResult]
  DescribePlatformVersion: [sdk.DescribePlatformVersionCommandInput, sdk.DescribePlatformVersionResult]
  ListAvailableSolutionStacks: [object, sdk.ListAvailableSolutionStacksResultMessage]
  ListTagsForResource: [sdk.ListTagsForResourceCommandInput, sdk.ResourceTagsDescriptionMessage]
  UpdateTagsForResource: [sdk.UpdateTagsForResourceCommandInput, object]
  DescribeAccountAttributes: [object, sdk.DescribeAccountAttributesResult]
}

export type Account = Awaited<ReturnType<typeof openAccount>>

/** Beanstalk on a real disk with real processes; all of it is gone when the test ends. Given the `dir` of another, it is the server that comes after it. */
export async function openAccount({
  dir: given,
  pace = 'fast',
  runtimeIn,
  faults = noFaults,
  scenario: kind = {},
}: {
  dir?: string
  pace?: Pace
  runtimeIn?: (dir: string) => Runtime
  faults?: Faults
  /** What the account has otherwise than a new one. */
  scenario?: Partial<Scenario>
} = {}) {
  const dir = given ?? (await realpath(await mkdtemp(join(tmpdir(), 'lucree-beanstalk-'))))
  if (given === undefined) onTestFinished(() => rm(dir, { recursive: true, force: true }))
  const lines: string[] = []
  const log = (line: string) => void lines.push(line)
  const account = {
    accountId,
    credentials: { accessKeyId: 'AKIALUCREELOCAL22222', secretAccessKey: 'x'.repeat(40) },
    caller: { arn: `arn:aws:iam::${accountId}:user/lucree`, userId: 'AIDA22222222222222222' },
  }
  const objects = await DiskStore.open({ dir: join(dir, 's3'), account, region, clock: systemClock, log })
  const runtimeDir = join(dir, 'runtime')
  const runtime = runtimeIn?.(runtimeDir) ?? new ProcessRuntime({ dir: runtimeDir, clock: systemClock })
  const scenario = { ...(await readScenario('new')), ...kind }
  const network = await openNetwork(join(dir, 'ec2'), region, scenario)
  const logGroups = await openLogGroups(join(dir, 'logs'))
  const beanstalkDir = join(dir, 'elasticbeanstalk')
  const beanstalk = await createElasticBeanstalk({
    dir: beanstalkDir,
    runtime,
    objects,
    ground: { scenario, network, logGroups },
    clock: systemClock,
    pace,
    region,
    accountId,
    log,
    faults,
  })
  onTestFinished(async () => {
    await beanstalk.close()
    await runtime.sweep([])
  })
  const send = async <Name extends keyof Calls>(name: Name, input: Calls[Name][0], requestId: string) => {
    const endpoint = 'http://127.0.0.1:4780'
    const caller = { accountId, ...account.caller }
    const call = { action: name, requestId, region, endpoint, caller, at: systemClock.now() }
    return (await beanstalk.service.actions[name]!(input as never, call)) as Calls[Name][1]
  }
  const call = <Name extends keyof Calls>(name: Name, input: Calls[Name][0]) =>
    send(name, input, randomUUID())
  const environment = async (name = 'shop-env'): Promise<sdk.EnvironmentDescription> => {
    const { Environments } = await call('DescribeEnvironments', { EnvironmentNames: [name] })
    return Environments!.at(-1)!
  }
  /** Events of a request, or all, oldest first. */
  const messages = async (filter: sdk.DescribeEventsCommandInput = {}): Promise<string[]> => {
    const { Events } = await call('DescribeEvents', filter)
    return Events!.map(({ Severity, Message }) => `${Severity} ${Message}`).reverse()
  }
  /** Uploads a bundle, made of files or as it is, and makes a version of it. */
  const version = async (label: string, files: Record<string, string> | Buffer): Promise<void> => {
    await objects.createBucket('bundles')
    await objects.put('bundles', `${label}.zip`, Buffer.isBuffer(files) ? files : await zipOf(files))
    await call('CreateApplicationVersion', {
      ApplicationName: 'shop',
      VersionLabel: label,
      AutoCreateApplication: true,
      SourceBundle: { S3Bucket: 'bundles', S3Key: `${label}.zip` },
    })
  }
  /** Waits until no operation is under way. */
  const settled = async (name = 'shop-env', ms = 18_000): Promise<sdk.EnvironmentDescription> => {
    for (const end = Date.now() + ms; Date.now() < end; await systemClock.sleep(20)) {
      const found = await environment(name)
      if (found.Status === 'Ready' || found.Status === 'Terminated') return found
    }
    throw new Error(`${name} isn't Ready after ${ms} ms: ${(await messages()).join('\n')}`)
  }
  /** eb-engine.log of every instance. */
  const engineLog = async (): Promise<string> => {
    const instances = join(beanstalkDir, 'instances')
    const ids = await readdir(instances)
    const logs = ids.map((id) => readFile(join(instances, id, 'var/log/eb-engine.log'), 'utf8'))
    return (await Promise.all(logs)).join('')
  }
  const resume = () => beanstalk.resume()
  const close = () => beanstalk.close()
  const belongings = () => beanstalk.belongings()
  /** Why launches of instances came to nothing, as the Auto Scaling groups tell it. */
  const failedLaunches = () =>
    belongings().flatMap(({ scalingGroup }) => scalingGroup?.failures.map(({ message }) => message) ?? [])
  return {
    dir,
    lines,
    objects,
    network,
    belongings,
    failedLaunches,
    logGroups,
    resume,
    close,
    send,
    call,
    environment,
    messages,
    version,
    settled,
    engineLog,
  }
}

export async function zipOf(files: Record<string, string>): Promise<Buffer> {
  const archive = new ZipArchive()
  const zip = buffer(archive)
  for (const [name, content] of Object.entries(files)) archive.append(content, { name })
  await archive.finalize()
  return zip
}

export const option = (Namespace: string, OptionName: string, Value: string) => ({
  Namespace,
  OptionName,
  Value,
})
export const property = (name: string, value: string) =>
  option('aws:elasticbeanstalk:application:environment', name, value)

const profile = option(
  'aws:autoscaling:launchconfiguration',
  'IamInstanceProfile',
  'aws-elasticbeanstalk-ec2-role',
)
const enhanced = option('aws:elasticbeanstalk:healthreporting:system', 'SystemType', 'enhanced')

/** What CreateEnvironment is given for one instance, and more. */
export function singleInstance(VersionLabel: string, ...more: ReturnType<typeof option>[]) {
  const type = option('aws:elasticbeanstalk:environment', 'EnvironmentType', 'SingleInstance')
  return request(VersionLabel, [type, profile, enhanced, ...more])
}

/** What CreateEnvironment is given for `count` instances behind a load balancer, and more. */
export function balanced(VersionLabel: string, count: number, ...more: ReturnType<typeof option>[]) {
  const settings = [
    option('aws:elasticbeanstalk:environment', 'LoadBalancerType', 'application'),
    option('aws:autoscaling:asg', 'MinSize', String(count)),
    option('aws:autoscaling:asg', 'MaxSize', String(count)),
  ]
  return request(VersionLabel, [...settings, profile, enhanced, ...more])
}

function request(VersionLabel: string, OptionSettings: ReturnType<typeof option>[]) {
  const SolutionStackName = '64bit Amazon Linux 2023 v4.13.8 running Docker'
  return {
    ApplicationName: 'shop',
    EnvironmentName: 'shop-env',
    VersionLabel,
    SolutionStackName,
    OptionSettings,
  }
}
