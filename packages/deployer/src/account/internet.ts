import type { RouteTableDescription, SubnetDescription } from './ports.ts'

/** How a subnet reaches the internet: by an internet gateway, which takes a public address; by NAT or another network; or not at all. */
export type WayOut = 'internet-gateway' | 'other' | undefined

/** Reads the default route of the subnet's route table; a subnet that is bound to none has its VPC's main one (facts sheet §2.4; §6.1, 16). */
export function wayOutOf(subnet: SubnetDescription, tables: RouteTableDescription[]): WayOut {
  const table =
    tables.find(({ subnets }) => subnets.includes(subnet.id)) ??
    tables.find(({ vpc, main }) => main && vpc === subnet.vpc)
  const target = table?.routes.find(({ destination }) => destination === '0.0.0.0/0')?.target
  if (!target || target === 'local') return undefined
  return target.startsWith('igw-') ? 'internet-gateway' : 'other'
}
