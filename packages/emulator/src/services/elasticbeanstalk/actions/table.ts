import type { Action, QueryService } from '../../service.ts'
import { abortEnvironmentUpdate } from './abort.ts'
import { describeApplications, createApplication, updateApplication } from './applications.ts'
import {
  deleteApplicationVersion,
  describeApplicationVersions,
  updateApplicationVersion,
} from './application-versions.ts'
import {
  composeEnvironments,
  createConfigurationTemplate,
  deleteConfigurationTemplate,
  deleteEnvironmentConfiguration,
  updateConfigurationTemplate,
} from './configuration-templates.ts'
import {
  describeConfigurationOptions,
  describeConfigurationSettings,
  validateConfigurationSettings,
} from './configuration.ts'
import { createApplicationVersion } from './create-application-version.ts'
import { createEnvironment } from './create-environment.ts'
import { deleteApplication } from './delete-application.ts'
import { describeEnvironmentResources, describeEnvironments } from './describe-environments.ts'
import { describeEvents } from './describe-events.ts'
import { checkDnsAvailability } from './dns.ts'
import { restartAppServer, terminateEnvironment } from './end-or-restart.ts'
import { requestEnvironmentInfo, retrieveEnvironmentInfo } from './environment-info.ts'
import { describeEnvironmentHealth, describeInstancesHealth } from './health.ts'
import {
  describeEnvironmentManagedActionHistory,
  describeEnvironmentManagedActions,
} from './managed-actions.ts'
import {
  associateEnvironmentOperationsRole,
  disassociateEnvironmentOperationsRole,
} from './operations-role.ts'
import {
  describePlatformVersion,
  listAvailableSolutionStacks,
  listPlatformBranches,
  listPlatformVersions,
} from './platforms.ts'
import { describeAccountAttributes } from './quotas.ts'
import { rebuildEnvironment } from './rebuild.ts'
import { updateApplicationResourceLifecycle } from './resource-lifecycle.ts'
import type { Service } from './service.ts'
import { createStorageLocation } from './storage-location.ts'
import { swapEnvironmentCnames } from './swap.ts'
import { listTagsForResource, updateTagsForResource } from './tags.ts'
import { updateEnvironment } from './update-environment.ts'

/** Actions that read. */
const readers = {
  CheckDNSAvailability: checkDnsAvailability,
  DescribeAccountAttributes: describeAccountAttributes,
  DescribeApplications: describeApplications,
  DescribeApplicationVersions: describeApplicationVersions,
  DescribeConfigurationOptions: describeConfigurationOptions,
  DescribeConfigurationSettings: describeConfigurationSettings,
  DescribeEnvironmentManagedActionHistory: describeEnvironmentManagedActionHistory,
  DescribeEnvironmentManagedActions: describeEnvironmentManagedActions,
  DescribeEnvironmentHealth: describeEnvironmentHealth,
  DescribeEnvironmentResources: describeEnvironmentResources,
  DescribeEnvironments: describeEnvironments,
  DescribeEvents: describeEvents,
  DescribeInstancesHealth: describeInstancesHealth,
  DescribePlatformVersion: describePlatformVersion,
  ListAvailableSolutionStacks: listAvailableSolutionStacks,
  ListPlatformBranches: listPlatformBranches,
  ListPlatformVersions: listPlatformVersions,
  ListTagsForResource: listTagsForResource,
  RetrieveEnvironmentInfo: retrieveEnvironmentInfo,
  ValidateConfigurationSettings: validateConfigurationSettings,
}

/** Actions that change something: one at a time, so that what one of them checked still holds when it writes. */
const writers = {
  AbortEnvironmentUpdate: abortEnvironmentUpdate,
  AssociateEnvironmentOperationsRole: associateEnvironmentOperationsRole,
  ComposeEnvironments: composeEnvironments,
  CreateApplication: createApplication,
  CreateApplicationVersion: createApplicationVersion,
  CreateConfigurationTemplate: createConfigurationTemplate,
  CreateEnvironment: createEnvironment,
  CreateStorageLocation: createStorageLocation,
  DeleteApplication: deleteApplication,
  DeleteApplicationVersion: deleteApplicationVersion,
  DeleteConfigurationTemplate: deleteConfigurationTemplate,
  DeleteEnvironmentConfiguration: deleteEnvironmentConfiguration,
  DisassociateEnvironmentOperationsRole: disassociateEnvironmentOperationsRole,
  RebuildEnvironment: rebuildEnvironment,
  RequestEnvironmentInfo: requestEnvironmentInfo,
  RestartAppServer: restartAppServer,
  SwapEnvironmentCNAMEs: swapEnvironmentCnames,
  TerminateEnvironment: terminateEnvironment,
  UpdateApplication: updateApplication,
  UpdateApplicationResourceLifecycle: updateApplicationResourceLifecycle,
  UpdateApplicationVersion: updateApplicationVersion,
  UpdateConfigurationTemplate: updateConfigurationTemplate,
  UpdateEnvironment: updateEnvironment,
  UpdateTagsForResource: updateTagsForResource,
}

export function createActions(service: Service): QueryService['actions'] {
  const inTurn = createQueue()
  const { faults } = service.context
  const made = (factories: Record<string, (service: Service) => unknown>) =>
    Object.entries(factories).map(([name, factory]) => {
      const carryOut = factory(service) as Action
      const action: Action = async (input, call) => {
        await faults.at('request accepted', { action: name, requestId: call.requestId })
        return carryOut(input, call)
      }
      return [name, action] as const
    })
  return Object.fromEntries([
    ...made(readers),
    ...made(writers).map(([name, action]) => {
      const queued: Action = (input, call) => inTurn(() => action(input, call))
      return [name, queued] as const
    }),
  ])
}

function createQueue(): <T>(work: () => Promise<T>) => Promise<T> {
  let last: Promise<unknown> = Promise.resolve()
  return (work) => {
    const turn = last.then(work, work)
    last = turn
    return turn
  }
}
