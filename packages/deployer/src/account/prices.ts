/** A list price in US dollars of us-east-1: on demand, Linux, without tax, discounts and free-tier credit. */
export interface Price {
  usd: number
  /** Day as of which its source tells it. */
  asOf: string
  source: string
}

/** The one region whose prices are here; other regions differ, most of them are dearer. */
export const PRICED_REGION = 'us-east-1'
/** Hours that a month is counted with, as AWS's own calculator does. */
export const HOURS_A_MONTH = 730

const facts = (usd: number): Price => ({ usd, asOf: '2026-11-22', source: 'facts sheet §5' })
/** Independent published copies of https://aws.amazon.com/ec2/pricing/on-demand/ that agree to the digit. */
const copied = (usd: number, asOf: string): Price => ({ usd, asOf, source: 'copies of AWS’s price list' })

/** An hour of an instance. What isn't here is not known, and is never guessed. */
const INSTANCE_HOUR: Record<string, Price> = {
  't2.micro': copied(0.0116, '2025-01-31'),
  't2.small': copied(0.023, '2025-01-31'),
  't2.medium': copied(0.0464, '2025-01-31'),
  't3.nano': copied(0.0052, '2026-07-28'),
  't3.micro': facts(0.0104),
  't3.small': copied(0.0208, '2026-07-28'),
  't3.medium': copied(0.0416, '2026-07-28'),
  't3.large': copied(0.0832, '2026-07-28'),
  't4g.nano': copied(0.0042, '2026-07-28'),
  't4g.micro': copied(0.0084, '2026-07-28'),
  't4g.small': copied(0.0168, '2026-07-28'),
  't4g.medium': copied(0.0336, '2026-07-28'),
  't4g.large': copied(0.0672, '2026-07-28'),
  'm6i.large': copied(0.096, '2026-07-28'),
  'm7i.large': copied(0.1008, '2026-07-28'),
  'm7i-flex.large': copied(0.09576, '2026-05-31'),
  'c7i-flex.large': copied(0.08479, '2026-05-31'),
}

/** An hour of a public IPv4 address, used or not. */
export const PUBLIC_ADDRESS_HOUR = facts(0.005)
/** A month of a gigabyte of a gp3 volume. */
export const VOLUME_GIGABYTE_MONTH = facts(0.08)
/** An hour of an application load balancer, without what its traffic costs. */
export const BALANCER_HOUR = facts(0.0225)

/** The price of an hour of an instance type; undefined when it isn't known. */
export function instanceHour(type: string): Price | undefined {
  return Object.hasOwn(INSTANCE_HOUR, type) ? INSTANCE_HOUR[type] : undefined
}

/** Orders types from the cheapest to the dearest; those without a known price come last, the smallest first. */
export function cheaperFirst(
  one: { name: string; memoryMiB: number },
  other: { name: string; memoryMiB: number },
): number {
  const difference = hourly(one.name) - hourly(other.name)
  return Number.isNaN(difference) ? one.memoryMiB - other.memoryMiB : difference
}

function hourly(type: string): number {
  return instanceHour(type)?.usd ?? Infinity
}
