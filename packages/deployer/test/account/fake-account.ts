import type { AccountContext } from '../../src/account/context.ts'
import type {
  AccountCloud,
  InstanceTypeDescription,
  Network,
  ProfileDescription,
  RoleDescription,
  Roles,
  RouteTableDescription,
  SubnetDescription,
  VpcDescription,
} from '../../src/account/ports.ts'
import type { DeployTarget } from '../../src/config/target.ts'
import { CloudError } from '../../src/errors.ts'
import { deployTarget } from '../deploy-target.ts'
import { ManualClock } from '../manual-clock.ts'

const target = deployTarget()

const arnOf = (name: string) => `arn:aws:iam::111122223333:role/${name}`

export function refused(awsCode: string): CloudError {
  return new CloudError('was refused', { code: `LUC-AWS-${awsCode}`, awsCode, transient: false })
}

/** IAM in memory, which shows what was made only after `delayMs`, as the real one may. */
export class FakeRoles implements Roles {
  readonly roles = new Map<string, RoleDescription & { at: number }>()
  readonly profiles = new Map<string, ProfileDescription & { at: number }>()
  /** Names of the calls that make or change something. */
  readonly changes: string[] = []
  readonly #clock: ManualClock
  readonly #delayMs: number

  constructor(clock: ManualClock, delayMs = 0) {
    this.#clock = clock
    this.#delayMs = delayMs
  }

  async describeRole(name: string) {
    return this.#shown(this.roles.get(name))
  }
  async describeProfile(name: string) {
    return this.#shown(this.profiles.get(name))
  }
  async createRole({ name, trust, tags }: Parameters<Roles['createRole']>[0]) {
    if (this.roles.has(name)) throw refused('EntityAlreadyExistsException')
    this.changes.push(`create role ${name}`)
    this.roles.set(name, { name, arn: arnOf(name), trust, tags, policies: [], at: this.#clock.now() })
    return arnOf(name)
  }
  async attachPolicy(role: string, policyArn: string) {
    const found = this.#shown(this.roles.get(role))
    if (!found) throw refused('NoSuchEntityException')
    this.changes.push(`attach ${policyArn.split('/').at(-1)}`)
    found.policies.push(policyArn)
  }
  async createProfile({ name, tags }: Parameters<Roles['createProfile']>[0]) {
    if (this.profiles.has(name)) throw refused('EntityAlreadyExistsException')
    this.changes.push(`create profile ${name}`)
    this.profiles.set(name, { name, arn: '', roles: [], tags, at: this.#clock.now() })
  }
  async addRoleToProfile(profile: string, role: string) {
    const found = this.#shown(this.profiles.get(profile))
    if (!found || !this.#shown(this.roles.get(role))) throw refused('NoSuchEntityException')
    if (found.roles.length > 0) throw refused('LimitExceededException')
    this.changes.push(`add ${role}`)
    found.roles.push(role)
  }
  deleteRole = never
  detachPolicy = never
  deleteProfile = never
  removeRoleFromProfile = never
  simulate = never

  #shown<T extends { at: number }>(thing: T | undefined): T | undefined {
    return thing && this.#clock.now() >= thing.at + this.#delayMs ? thing : undefined
  }
}

export interface FakeNetwork {
  vpcs: VpcDescription[]
  subnets: SubnetDescription[]
  tables: RouteTableDescription[]
  types: InstanceTypeDescription[]
  offerings: { name: string; zone: string }[]
}

/** A default VPC with two public subnets, and three types for the free tier, of which one isn't in every zone. */
export function usualNetwork(): FakeNetwork {
  const subnet = (id: string, zone: string): SubnetDescription => {
    return { id, vpc: 'vpc-1', zone, assignsPublicAddress: true, freeAddresses: 4000 }
  }
  const type = (name: string, architecture: string, freeTierEligible = true): InstanceTypeDescription => {
    return { name, architectures: [architecture], vcpus: 2, memoryMiB: 1024, freeTierEligible }
  }
  const everywhere = (name: string) => ['us-east-1a', 'us-east-1b'].map((zone) => ({ name, zone }))
  return {
    vpcs: [{ id: 'vpc-1', isDefault: true, cidr: '172.31.0.0/16' }],
    subnets: [subnet('subnet-a', 'us-east-1a'), subnet('subnet-b', 'us-east-1b')],
    tables: [
      {
        ...{ id: 'rtb-1', vpc: 'vpc-1', main: true, subnets: [] },
        routes: [{ destination: '0.0.0.0/0', target: 'igw-1' }],
      },
    ],
    types: [
      type('c7i-flex.large', 'x86_64'),
      type('t3.micro', 'x86_64'),
      type('t4g.micro', 'arm64'),
      type('m5.large', 'x86_64', false),
    ],
    offerings: ['c7i-flex.large', 't3.micro', 't4g.micro', 'm5.large'].flatMap(everywhere),
  }
}

/** The context of a look at an account that has this network and these roles. */
export function accountContext(
  given: Omit<Partial<AccountContext>, 'target'> & {
    target?: Partial<DeployTarget>
    network?: FakeNetwork
    roles?: FakeRoles
  } = {},
): AccountContext {
  const clock = new ManualClock()
  const { target: asked, network = usualNetwork(), roles = new FakeRoles(clock), ...more } = given
  const usage = { describe: () => Promise.resolve([]) }
  const cloud = { roles, usage, network: networkPort(network) } as unknown as AccountCloud
  return { clock, cloud, ...more, target: { ...target, ...asked } }
}

function networkPort({ vpcs, subnets, tables, types, offerings }: FakeNetwork): Network {
  return {
    describeVpcs: async ({ ids, isDefault } = {}) =>
      vpcs.filter((vpc) => (ids?.includes(vpc.id) ?? true) && (isDefault ?? vpc.isDefault) === vpc.isDefault),
    describeSubnets: async ({ ids, vpc }) =>
      subnets.filter((subnet) => (ids?.includes(subnet.id) ?? true) && (vpc ?? subnet.vpc) === subnet.vpc),
    describeRouteTables: async (vpc) => tables.filter((table) => table.vpc === vpc),
    describeInstanceTypes: async (filter) =>
      types.filter((type) => ('names' in filter ? filter.names.includes(type.name) : type.freeTierEligible)),
    describeOfferings: async (names) => offerings.filter(({ name }) => names.includes(name)),
    createDefaultVpc: never,
    describeSecurityGroups: never,
    deleteSecurityGroup: never,
  }
}

function never(): never {
  throw new Error('this call is not for looking')
}
