import {
  BALANCER_HOUR,
  HOURS_A_MONTH,
  instanceHour,
  PRICED_REGION,
  type Price,
  PUBLIC_ADDRESS_HOUR,
  VOLUME_GIGABYTE_MONTH,
} from '../account/prices.ts'
import { type OptionSetting, valueOf } from '../beanstalk/option-settings.ts'

/** What an environment costs a month before and after a change, in list prices of one region. */
export interface CostDifference {
  currency: 'USD'
  /** Whose prices they are, wherever the environment is. */
  region: string
  /** Day of the oldest price in it. */
  asOf: string
  /** 0 when there is no environment yet; null when it can't be told. */
  beforeMonthly: number | null
  afterMonthly: number | null
  /** Why an amount can't be told. */
  unknown: string | null
}

/** Compares the settings before (undefined: no environment yet) and after a change. */
export function costDifference(before: OptionSetting[] | undefined, after: OptionSetting[]): CostDifference {
  const then = monthlyCost(before)
  const now = monthlyCost(after)
  const unknown = [then, now].flatMap((cost) => ('unknown' in cost ? cost.unknown : []))
  const dates = [then, now].flatMap((cost) => ('unknown' in cost ? [] : cost.dates))
  return {
    ...{ currency: 'USD', region: PRICED_REGION },
    asOf: dates.sort()[0] ?? PUBLIC_ADDRESS_HOUR.asOf,
    beforeMonthly: 'unknown' in then ? null : then.usd,
    afterMonthly: 'unknown' in now ? null : now.usd,
    unknown: unknown[0] ?? null,
  }
}

type Monthly = { usd: number; dates: string[] } | { unknown: string }

/**
 * What settings cost a month with as few instances as they allow: instances, public addresses, volumes and the balancer (facts sheet §5). Traffic,
 * what the balancer's traffic costs, logs and stored bundles come on top.
 */
function monthlyCost(settings: OptionSetting[] | undefined): Monthly {
  if (settings === undefined) return { usd: 0, dates: [] }
  const value = (namespace: string, name: string) => valueOf(settings, { namespace, name })
  const type = instanceTypeOf(settings)
  if (type === undefined) return { unknown: 'the instance type is not known' }
  const hour = instanceHour(type)
  if (!hour) return { unknown: `the price of ${type} is not known` }
  if (value('aws:ec2:instances', 'EnableSpot') === 'true') return { unknown: 'Spot prices vary' }
  const volume = value(LAUNCH, 'RootVolumeType')
  const gigabytes = Number(value(LAUNCH, 'RootVolumeSize') ?? Number.NaN)
  if (volume !== 'gp3' || Number.isNaN(gigabytes)) return { unknown: 'the price of its volumes is not known' }
  const balanced = value('aws:elasticbeanstalk:environment', 'EnvironmentType') !== 'SingleInstance'
  if (balanced && value('aws:elasticbeanstalk:environment', 'LoadBalancerType') !== 'application')
    return { unknown: 'the price of its load balancer is not known' }
  const instances = balanced ? Number(value('aws:autoscaling:asg', 'MinSize') ?? 1) : 1
  const instancesArePublic = !balanced || value(VPC, 'AssociatePublicIpAddress') !== 'false'
  const addresses = (instancesArePublic ? instances : 0) + (balanced ? balancerAddresses(settings) : 0)
  return total([
    [hour, instances * HOURS_A_MONTH],
    [VOLUME_GIGABYTE_MONTH, instances * gigabytes],
    [PUBLIC_ADDRESS_HOUR, addresses * HOURS_A_MONTH],
    ...(balanced ? ([[BALANCER_HOUR, HOURS_A_MONTH]] as [Price, number][]) : []),
  ])
}

const LAUNCH = 'aws:autoscaling:launchconfiguration'
const VPC = 'aws:ec2:vpc'

/** The type that is taken first; the older option counts where the newer isn't set. */
function instanceTypeOf(settings: OptionSetting[]): string | undefined {
  const types = valueOf(settings, { namespace: 'aws:ec2:instances', name: 'InstanceTypes' })
  const [first] = (types ?? valueOf(settings, { namespace: LAUNCH, name: 'InstanceType' }) ?? '').split(',')
  return first?.trim() || undefined
}

/** A balancer that faces the internet has an address in each of its zones, which are two at the least. */
function balancerAddresses(settings: OptionSetting[]): number {
  if (valueOf(settings, { namespace: VPC, name: 'ELBScheme' }) === 'internal') return 0
  const subnets = valueOf(settings, { namespace: VPC, name: 'ELBSubnets' })?.split(',') ?? []
  return Math.max(2, subnets.length)
}

function total(items: [Price, number][]): Monthly {
  const usd = items.reduce((sum, [price, count]) => sum + price.usd * count, 0)
  return { usd: Math.round(usd * 100) / 100, dates: items.map(([price]) => price.asOf) }
}
