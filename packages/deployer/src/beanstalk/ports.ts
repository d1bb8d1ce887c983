import type { OptionKey, OptionSetting } from './options.ts'

/**
 * The Elastic Beanstalk and S3 calls that lucree uses, in its own plain types. `aws/` implements them and translates its errors into
 * {@link LucreeError}s; nothing else in lucree knows the AWS SDK.
 */

/** An environment as DescribeEnvironments tells it. */
export interface EnvironmentDescription {
  id: string
  name: string
  arn: string
  application: string
  /** Launching, Updating, Ready, Terminating, Terminated, Aborting, LinkingFrom or LinkingTo. */
  status: string
  /** Green, Yellow, Red or Grey. */
  health: string
  /** Enhanced health: Ok, Info, Warning, Degraded, Severe, Pending, Unknown, NoData, Suspended; absent with basic health. */
  healthStatus: string | undefined
  versionLabel: string | undefined
  platformArn: string | undefined
  cname: string | undefined
  /** Tier name: WebServer, Worker, or Cluster, which lucree refuses. */
  tier: string
  abortable: boolean
  createdAt: Date | undefined
  updatedAt: Date | undefined
}

export interface VersionDescription {
  label: string
  /** Lower case: unprocessed, processed, processing, building, failed. */
  status: string
  description: string | undefined
  bucket: string | undefined
  key: string | undefined
  createdAt: Date | undefined
}

export interface BeanstalkEvent {
  at: Date
  severity: 'TRACE' | 'DEBUG' | 'INFO' | 'WARN' | 'ERROR' | 'FATAL'
  message: string
  requestId: string | undefined
}

export interface InstanceDescription {
  id: string
  healthStatus: string
  color: string
  causes: string[]
  /** Label of the version that the instance runs, and how its deployment stands: deployed, pending or failed. */
  version: string | undefined
  deploymentId: number | undefined
  deploymentStatus: string | undefined
  launchedAt: Date | undefined
}

export interface HealthDescription {
  status: string
  color: string
  causes: string[]
}

export interface InstanceLog {
  instanceId: string
  /** When the instance delivered it, by the service's clock. */
  at: Date
  /** Fetches a tail's text (the last 100 lines of each log, UTF-8), or the zip of a bundle; possible for 15 minutes (facts sheet §3.2). */
  read(signal?: AbortSignal): Promise<Buffer>
}

export interface Beanstalk {
  describeApplication(name: string, signal?: AbortSignal): Promise<{ arn: string | undefined } | undefined>
  createApplication(name: string, signal?: AbortSignal): Promise<void>
  deleteApplication(name: string, signal?: AbortSignal): Promise<void>
  /** The account's bucket in this region, made when it is missing. */
  createStorageLocation(signal?: AbortSignal): Promise<string>
  describeVersions(
    application: string,
    labels?: string[],
    signal?: AbortSignal,
  ): Promise<VersionDescription[]>
  createVersion(
    version: { application: string; label: string; description: string; bucket: string; key: string },
    signal?: AbortSignal,
  ): Promise<void>
  deleteVersion(
    application: string,
    label: string,
    deleteBundle: boolean,
    signal?: AbortSignal,
  ): Promise<void>
  /** Environments that aren't Terminated; all of the application, or the named one. */
  describeEnvironments(
    filter: { application: string; environment?: string },
    signal?: AbortSignal,
  ): Promise<EnvironmentDescription[]>
  /** Whose the environment name is in this region, in any application: names are unique per region. */
  findEnvironment(name: string, signal?: AbortSignal): Promise<EnvironmentDescription | undefined>
  createEnvironment(
    request: {
      application: string
      environment: string
      description: string
      platformArn: string
      versionLabel: string
      settings: OptionSetting[]
      tags: Record<string, string>
    },
    signal?: AbortSignal,
  ): Promise<{ requestId: string; environment: EnvironmentDescription }>
  updateEnvironment(
    request: { environment: string; versionLabel?: string; settings?: OptionSetting[]; remove?: OptionKey[] },
    signal?: AbortSignal,
  ): Promise<{ requestId: string }>
  terminateEnvironment(environment: string, signal?: AbortSignal): Promise<{ requestId: string }>
  describeSettings(application: string, environment: string, signal?: AbortSignal): Promise<OptionSetting[]>
  /** Oldest first, all pages. */
  describeEvents(
    filter: {
      application: string
      environment?: string
      requestId?: string
      since?: Date
      severity?: string
      max?: number
    },
    signal?: AbortSignal,
  ): Promise<BeanstalkEvent[]>
  describeHealth(environment: string, signal?: AbortSignal): Promise<HealthDescription>
  describeInstances(environment: string, signal?: AbortSignal): Promise<InstanceDescription[]>
  /** Newest recommended platform version of the Docker branch on Amazon Linux 2023, by semantic version. */
  latestDockerPlatform(signal?: AbortSignal): Promise<{ arn: string; version: string }>
  requestLogs(environment: string, kind: 'tail' | 'bundle', signal?: AbortSignal): Promise<void>
  /** The newest log that each instance has delivered, whoever asked for it. */
  retrieveLogs(environment: string, kind: 'tail' | 'bundle', signal?: AbortSignal): Promise<InstanceLog[]>
}

/** The bucket that bundles go to. */
export interface BundleStore {
  /** Size in bytes of the object, or undefined when there is none. */
  size(bucket: string, key: string, signal?: AbortSignal): Promise<number | undefined>
  upload(
    file: { bucket: string; key: string; path: string; bytes: number },
    onProgress: (uploadedBytes: number) => void,
    signal?: AbortSignal,
  ): Promise<void>
  /** Keys below a prefix; none in a bucket that isn't there. */
  list(bucket: string, prefix: string, signal?: AbortSignal): Promise<string[]>
  remove(bucket: string, keys: string[], signal?: AbortSignal): Promise<void>
}

/** Who the credentials belong to. */
export interface Identity {
  describeCaller(signal?: AbortSignal): Promise<{ accountId: string; arn: string }>
}

export interface Cloud {
  beanstalk: Beanstalk
  bundles: BundleStore
  identity: Identity
}
