import * as z from 'zod'

const tags = z.record(z.string(), z.string())

const ruleSchema = z.object({
  id: z.string(),
  protocol: z.string(),
  fromPort: z.number().optional(),
  toPort: z.number().optional(),
  /** Who may come in: addresses, or members of a group. */
  peer: z.union([z.object({ cidr: z.string() }), z.object({ group: z.string() })]),
  description: z.string().optional(),
})

const vpcSchema = z.object({ id: z.string(), cidr: z.string(), isDefault: z.boolean(), tags })
const subnetSchema = z.object({
  id: z.string(),
  vpc: z.string(),
  zone: z.string(),
  cidr: z.string(),
  isDefault: z.boolean(),
  /** Instances get a public address at launch. */
  publicAddresses: z.boolean(),
  tags,
})
const gatewaySchema = z.object({ id: z.string(), vpc: z.string().optional(), tags })
const natGatewaySchema = z.object({ id: z.string(), subnet: z.string(), vpc: z.string(), tags })
const routeTableSchema = z.object({
  id: z.string(),
  vpc: z.string(),
  main: z.boolean(),
  associations: z.array(z.object({ id: z.string(), subnet: z.string().optional() })),
  /** `target` is a gateway's id, or `local`. */
  routes: z.array(z.object({ destination: z.string(), target: z.string() })),
  tags,
})
const groupSchema = z.object({
  id: z.string(),
  vpc: z.string(),
  name: z.string(),
  description: z.string(),
  rules: z.array(ruleSchema),
  tags,
})
const addressSchema = z.object({ id: z.string(), ip: z.string(), tags })

/** The account's network, less what its environments have in it: that is derived from them. */
export const networkSchema = z.object({
  vpcs: z.array(vpcSchema),
  subnets: z.array(subnetSchema),
  gateways: z.array(gatewaySchema),
  natGateways: z.array(natGatewaySchema),
  routeTables: z.array(routeTableSchema),
  groups: z.array(groupSchema),
  addresses: z.array(addressSchema),
  /** Rules and tags of what belongs to an environment, by its id, where somebody has changed them. */
  changedRules: z.record(z.string(), z.array(ruleSchema)),
  addedTags: z.record(z.string(), tags),
  /** Ids of what the account came with: nobody made it. */
  givenIds: z.array(z.string()),
})

export type NetworkState = z.infer<typeof networkSchema>
export type Vpc = z.infer<typeof vpcSchema>
export type Subnet = z.infer<typeof subnetSchema>
export type RouteTable = z.infer<typeof routeTableSchema>
export type SecurityGroup = z.infer<typeof groupSchema>
export type Rule = z.infer<typeof ruleSchema>
export type Tags = z.infer<typeof tags>

export const emptyNetwork = (): NetworkState => ({
  vpcs: [],
  subnets: [],
  gateways: [],
  natGateways: [],
  routeTables: [],
  groups: [],
  addresses: [],
  changedRules: {},
  addedTags: {},
  givenIds: [],
})
