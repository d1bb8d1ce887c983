import type { OptionKey, OptionSetting } from './option-settings.ts'

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
  /** How long ago the deployment ended there, ms, both moments by the service's clock; undefined when it hasn't, or isn't told. */
  deployedAgoMs?: number | undefined
  launchedAt: Date | undefined
}

export interface HealthDescription {
  status: string
  color: string
  causes: string[]
}

/** What Beanstalk made for an environment: names of groups, ARNs of application load balancers, ids of instances. */
export interface EnvironmentResources {
  scalingGroups: string[]
  loadBalancers: string[]
  instances: string[]
}

export interface InstanceLog {
  instanceId: string
  /** When the instance delivered it, by the service's clock. */
  at: Date
  /** Fetches a tail's text (the last 100 lines of each log, UTF-8), or the zip of a bundle; possible for 15 minutes (facts sheet §3.2). */
  read(signal?: AbortSignal): Promise<Buffer>
}

/** Which versions of an application the service removes by itself when a new one comes. */
export interface VersionLifecycle {
  /** Role that Beanstalk removes them as. */
  serviceRoleArn: string
  /** The newest that stay. */
  keep: number
  /** Whether their bundles go with them. */
  deleteBundles: boolean
}

export interface Beanstalk {
  describeApplication(name: string, signal?: AbortSignal): Promise<{ arn: string | undefined } | undefined>
  /** Names of all applications of the region. */
  listApplications(signal?: AbortSignal): Promise<string[]>
  createApplication(
    application: { name: string; lifecycle?: VersionLifecycle; tags: Record<string, string> },
    signal?: AbortSignal,
  ): Promise<void>
  /** One that isn't there is no error. */
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
  /** One that isn't there is no error. */
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
  /** Every environment of the region, of any application; of the Terminated ones those that ended since then and aren't forgotten yet. */
  describeRegion(terminatedSince: Date, signal?: AbortSignal): Promise<EnvironmentDescription[]>
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
  /** Also ends one that is Launching, Updating or Aborting, where Beanstalk lets it (facts sheet §3.2 is unsure of it). */
  forceTerminate(environment: string, signal?: AbortSignal): Promise<{ requestId: string }>
  /** Makes the resources of a Ready environment anew, or revives a terminated one within 42 days, by its id (facts sheet §3.2). */
  rebuildEnvironment(environmentId: string, signal?: AbortSignal): Promise<{ requestId: string }>
  /** Stops and starts the application on every instance at the same time (peers.md §7). */
  restartApplication(environment: string, signal?: AbortSignal): Promise<{ requestId: string }>
  /** Stops the update that is under way; possible while the environment is `abortable`. */
  abortUpdate(environment: string, signal?: AbortSignal): Promise<void>
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
  describeResources(environment: string, signal?: AbortSignal): Promise<EnvironmentResources>
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

/** A small object as it was read. */
export interface StoredDocument {
  body: string
  /** Changes with every write of another body. */
  etag: string
  /** Milliseconds since it was written, both ends by the service's clocks; a hint only, undefined when an answer carries no date. */
  ageMs: number | undefined
}

/**
 * Small texts in a bucket that several machines write, each only if it is still as the writer knows it (S3's conditional writes and deletes).
 * A `conflict` may be the writer's own doing, when the answer to a first attempt was lost: read it again and compare.
 */
export interface Documents {
  /** Undefined when there is no such object, or no such bucket. */
  read(bucket: string, key: string, signal?: AbortSignal): Promise<StoredDocument | undefined>
  /** `replaces`: the ETag that must still be there; undefined: there must be nothing yet. */
  write(
    document: { bucket: string; key: string; body: string; replaces: string | undefined },
    signal?: AbortSignal,
  ): Promise<{ etag: string } | 'conflict'>
  /** Removes what has this ETag; `gone` when it isn't there any more. */
  remove(
    document: { bucket: string; key: string; etag: string },
    signal?: AbortSignal,
  ): Promise<'removed' | 'gone' | 'conflict'>
}

/** Options that Beanstalk keeps under a name for an application; its console calls them saved configurations. At most 2,000 (facts sheet §3.2). */
export interface SavedConfigurations {
  /** Saves the options that an environment has now, with those of `instead` in their place. */
  save(
    configuration: {
      application: string
      name: string
      environmentId: string
      description: string
      instead: OptionSetting[]
    },
    signal?: AbortSignal,
  ): Promise<void>
  /** Names of all that the application has. */
  list(application: string, signal?: AbortSignal): Promise<string[]>
  /** Undefined when there is none of this name. */
  read(application: string, name: string, signal?: AbortSignal): Promise<OptionSetting[] | undefined>
  /** One that isn't there is no error. */
  remove(application: string, name: string, signal?: AbortSignal): Promise<void>
}

export interface Caller {
  accountId: string
  arn: string
  /** AWS's time when it answered, to the second; undefined when the answer carried none. */
  at?: Date | undefined
}

/** Who the credentials belong to. */
export interface Identity {
  describeCaller(signal?: AbortSignal): Promise<Caller>
}

export interface Cloud {
  beanstalk: Beanstalk
  bundles: BundleStore
  documents: Documents
  configurations: SavedConfigurations
  identity: Identity
}
