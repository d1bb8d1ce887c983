import type { Cloud } from '../beanstalk/ports.ts'

/**
 * The calls beside Elastic Beanstalk and S3 that lucree uses to make an account ready, to look at it and to empty it, in its own plain
 * types. `aws/` implements them and translates its errors. Removing what is gone already is as good as removing it; making what is there
 * already throws a CloudError with the service's code (`EntityAlreadyExists`, `DefaultVpcAlreadyExists`).
 */

/** A role as IAM knows it. */
export interface RoleDescription {
  name: string
  arn: string
  /** The trust policy, decoded. */
  trust: unknown
  /** ARNs of the managed policies that are attached. */
  policies: string[]
  tags: Record<string, string>
}

export interface ProfileDescription {
  name: string
  arn: string
  /** Names of the roles in it: one, or none while it is being made. */
  roles: string[]
  tags: Record<string, string>
}

/** What a simulation says of one action for a principal. */
export interface SimulatedRight {
  action: string
  allowed: boolean
}

export interface Roles {
  describeRole(name: string, signal?: AbortSignal): Promise<RoleDescription | undefined>
  /** Answers the role's ARN. */
  createRole(
    role: { name: string; description: string; trust: unknown; tags: Record<string, string> },
    signal?: AbortSignal,
  ): Promise<string>
  deleteRole(name: string, signal?: AbortSignal): Promise<void>
  attachPolicy(role: string, policyArn: string, signal?: AbortSignal): Promise<void>
  detachPolicy(role: string, policyArn: string, signal?: AbortSignal): Promise<void>
  describeProfile(name: string, signal?: AbortSignal): Promise<ProfileDescription | undefined>
  createProfile(profile: { name: string; tags: Record<string, string> }, signal?: AbortSignal): Promise<void>
  deleteProfile(name: string, signal?: AbortSignal): Promise<void>
  addRoleToProfile(profile: string, role: string, signal?: AbortSignal): Promise<void>
  removeRoleFromProfile(profile: string, role: string, signal?: AbortSignal): Promise<void>
  /** What the policies of a user or role allow (SimulatePrincipalPolicy). */
  simulate(
    principalArn: string,
    actions: string[],
    resources?: string[],
    signal?: AbortSignal,
  ): Promise<SimulatedRight[]>
}

export interface VpcDescription {
  id: string
  isDefault: boolean
  cidr: string
}

export interface SubnetDescription {
  id: string
  vpc: string
  zone: string
  /** Instances get a public address at launch. */
  assignsPublicAddress: boolean
  freeAddresses: number
}

/** A route table with the subnets that it is bound to; the main one serves every other subnet of the VPC. */
export interface RouteTableDescription {
  id: string
  vpc: string
  main: boolean
  subnets: string[]
  /** `target` is the id of a gateway (igw-, nat-, tgw-, …), or `local`. */
  routes: { destination: string; target: string }[]
}

export interface InstanceTypeDescription {
  name: string
  /** `x86_64`, `arm64`, … */
  architectures: string[]
  vcpus: number
  memoryMiB: number
  /** A free-plan account may start it. */
  freeTierEligible: boolean
}

export interface SecurityGroupDescription {
  id: string
  name: string
  vpc: string
  tags: Record<string, string>
  /** Groups that its rules name. */
  references: string[]
}

export interface Network {
  describeVpcs(
    filter?: { ids?: string[]; isDefault?: boolean },
    signal?: AbortSignal,
  ): Promise<VpcDescription[]>
  describeSubnets(
    filter: { ids?: string[]; vpc?: string },
    signal?: AbortSignal,
  ): Promise<SubnetDescription[]>
  describeRouteTables(vpc: string, signal?: AbortSignal): Promise<RouteTableDescription[]>
  /** Named types, or all that a free-plan account may start. Unknown names are left out of the answer. */
  describeInstanceTypes(
    filter: { names: string[] } | { freeTierEligible: true },
    signal?: AbortSignal,
  ): Promise<InstanceTypeDescription[]>
  /** In which availability zones of the region each type can be had. */
  describeOfferings(names: string[], signal?: AbortSignal): Promise<{ name: string; zone: string }[]>
  /** Makes the default VPC with a subnet in each zone. */
  createDefaultVpc(signal?: AbortSignal): Promise<VpcDescription>
  describeSecurityGroups(
    filter: { tag?: { name: string; value: string }; references?: string },
    signal?: AbortSignal,
  ): Promise<SecurityGroupDescription[]>
  deleteSecurityGroup(id: string, signal?: AbortSignal): Promise<void>
}

/** One thing that an Auto Scaling group did or tried: why instances don't come. */
export interface ScalingActivity {
  at: Date
  /** `Successful`, `Failed`, `InProgress`, … */
  status: string
  message: string
}

export interface Scaling {
  describeActivities(group: string, signal?: AbortSignal): Promise<ScalingActivity[]>
}

/** What a load balancer thinks of one target. */
export interface TargetHealth {
  target: string
  /** `healthy`, `unhealthy`, `initial`, `draining`, `unused`, … */
  state: string
  reason: string | undefined
  description: string | undefined
}

export interface LoadBalancing {
  /** Health of every target in the groups of a load balancer, by the balancer's ARN. */
  describeTargetHealth(loadBalancer: string, signal?: AbortSignal): Promise<TargetHealth[]>
}

export interface LogGroups {
  /** Names that begin so. */
  list(prefix: string, signal?: AbortSignal): Promise<string[]>
  remove(name: string, signal?: AbortSignal): Promise<void>
}

/** Beanstalk's bucket as a whole, and uploads that never ended; its objects are the BundleStore's. */
export interface Buckets {
  exists(bucket: string, signal?: AbortSignal): Promise<boolean>
  /** The first keys of the bucket, at most `most`. */
  firstKeys(bucket: string, most: number, signal?: AbortSignal): Promise<string[]>
  /** Multipart uploads below a prefix that were neither completed nor aborted; none in a bucket that isn't there. */
  listUploads(bucket: string, prefix: string, signal?: AbortSignal): Promise<UnfinishedUpload[]>
  abortUpload(upload: UnfinishedUpload & { bucket: string }, signal?: AbortSignal): Promise<void>
  /**
   * Removes an empty bucket. Beanstalk's policy on it, which denies that (facts sheet §2.6), goes first, and is put back when the bucket
   * stays after all (`BucketNotEmpty`).
   */
  remove(bucket: string, signal?: AbortSignal): Promise<void>
}

export interface UnfinishedUpload {
  key: string
  id: string
}

/** The account's other regions: roles are the same in all of them. */
export interface OtherRegions {
  /** Elastic Beanstalk's applications in every other region that the account may use. */
  applicationsElsewhere(signal?: AbortSignal): Promise<{ region: string; name: string }[]>
}

export interface Quotas {
  /** The quota's value for this account and region; undefined when the service knows none by that code. */
  describe(service: string, quota: string, signal?: AbortSignal): Promise<number | undefined>
}

/** How many things of a kind a region has over all applications, and may have. */
export interface UsedQuota {
  kind: 'applications' | 'environments' | 'versions'
  used: number
  /** Undefined when the service doesn't tell. */
  most: number | undefined
}

/** Elastic Beanstalk's own quotas of the region (facts sheet §3.2). */
export interface Usage {
  describe(signal?: AbortSignal): Promise<UsedQuota[]>
}

/** Everything that lucree speaks to. */
export interface AccountCloud extends Cloud {
  roles: Roles
  network: Network
  scaling: Scaling
  loadBalancing: LoadBalancing
  logGroups: LogGroups
  buckets: Buckets
  regions: OtherRegions
  quotas: Quotas
  usage: Usage
}
