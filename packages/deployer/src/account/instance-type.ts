import type { Check, CheckResult } from './checks/check.ts'
import type { AccountContext, Architecture } from './context.ts'
import { lookAtNetwork, type Place } from './network.ts'
import type { InstanceTypeDescription } from './ports.ts'
import { cheaperFirst } from './prices.ts'

export interface InstanceTypeSeen {
  name: string
  /** Availability zones of the region that have it. */
  zones: string[]
  results: CheckResult[]
}

/** Types that may be taken, with the zones that have each. */
export interface Candidate extends InstanceTypeDescription {
  zones: string[]
}

/** Taken when the region names no eligible type: what the free tier has been for years (facts sheet §2.5). */
const USUAL: Record<Architecture, string> = { x86_64: 't3.micro', arm64: 't4g.micro' }

/** The named type, or all that a free-plan account may start, with the zones that have them; changes nothing. */
export async function findCandidates(
  { target, cloud }: AccountContext,
  signal: AbortSignal,
): Promise<Candidate[]> {
  const asked = target.instanceType
  const [types, offered] = await Promise.all([
    cloud.network.describeInstanceTypes(asked ? { names: [asked] } : { freeTierEligible: true }, signal),
    asked ? cloud.network.describeOfferings([asked], signal) : undefined,
  ])
  const names = types.map(({ name }) => name)
  const offerings = offered ?? (names.length > 0 ? await cloud.network.describeOfferings(names, signal) : [])
  return types.map((type) => ({
    ...type,
    zones: offerings.filter(({ name }) => name === type.name).map(({ zone }) => zone),
  }))
}

/**
 * The type that a new environment runs on: the named one, checked, or the cheapest that fits the image and that enough zones of the network
 * have. An undefined place is a network that is still to be made, in every zone.
 */
export function chooseInstanceType(
  candidates: Candidate[],
  place: Place | undefined,
  context: Pick<AccountContext, 'target' | 'image'>,
): InstanceTypeSeen {
  return context.target.instanceType === undefined
    ? cheapest(candidates, place, context)
    : named(context.target.instanceType, candidates[0], place, context)
}

export const instanceTypeCheck: Check<AccountContext> = {
  name: 'instance type',
  run: async (context, signal) => {
    const [candidates, { place }] = await Promise.all([
      findCandidates(context, signal),
      lookAtNetwork(context, signal),
    ])
    return chooseInstanceType(candidates, place, context).results
  },
}

type Choice = Pick<AccountContext, 'target' | 'image'>

function cheapest(
  candidates: Candidate[],
  place: Place | undefined,
  { target, image }: Choice,
): InstanceTypeSeen {
  const architecture = image?.architecture ?? 'x86_64'
  const fitting = candidates.filter(
    (type) => type.architectures.includes(architecture) && enoughZones(type, place, target.type),
  )
  const [best] = fitting.sort(cheaperFirst)
  if (best) {
    const found = `${best.name}, the cheapest that is eligible for the free tier`
    return { name: best.name, zones: best.zones, results: [{ name: NAME, state: 'ok', found, mend: [] }] }
  }
  const name = USUAL[architecture]
  const result: CheckResult = {
    ...{ name: NAME, state: 'warning', code: 'LUC-ACCOUNT-NO-FREE-TYPE' },
    found: `${name}, though ${target.region} names no ${architecture} type for the free tier in these subnets`,
    why: 'an account on the free plan can start no other',
    mend: ['lucree deploy --region <another>', `"instanceType" in lucree.json   # another than ${name}`],
  }
  return { name, zones: [], results: [result] }
}

function named(
  name: string,
  type: Candidate | undefined,
  place: Place | undefined,
  { target, image }: Choice,
): InstanceTypeSeen {
  const seen = (result: Omit<CheckResult, 'name'>) => ({
    ...{ name, zones: type?.zones ?? [] },
    results: [{ ...result, name: NAME }],
  })
  const arm = type?.architectures.includes('arm64') ?? false
  const list = `aws ec2 describe-instance-types --region ${target.region} --filters Name=free-tier-eligible,Values=true --query 'InstanceTypes[].InstanceType'`
  if (!type) {
    return seen({
      ...{ state: 'failed', code: 'LUC-ACCOUNT-TYPE-UNKNOWN' },
      found: `There is no instance type ${name} in ${target.region}`,
      why: 'lucree.json names it',
      mend: [`"instanceType": "${USUAL.x86_64}" in lucree.json, or none`, list],
    })
  }
  if (!enoughZones(type, place, target.type)) {
    const zones = [...new Set(place?.subnets.map(({ zone }) => zone))]
    return seen({
      ...{ state: 'failed', code: 'LUC-ACCOUNT-TYPE-NOT-OFFERED' },
      found: `${name} can be had in ${type.zones.join(', ') || 'no zone'}, and the subnets are in ${zones.join(', ')}`,
      why: `${target.type === 'single' ? 'one zone' : 'two zones'} must have both, else no instance starts`,
      mend: [
        `aws ec2 describe-subnets --region ${target.region}   # then name others in lucree.json: "vpc", "subnets"`,
        'another "instanceType" in lucree.json.',
      ],
    })
  }
  if (image?.architecture && !type.architectures.includes(image.architecture)) {
    return seen({
      ...{ state: 'failed', code: 'LUC-ACCOUNT-TYPE-ARCHITECTURE' },
      found: `${name} is ${arm ? 'arm64' : 'x86_64'}, and the Dockerfile builds for ${image.architecture}`,
      why: 'the container would end with: exec format error',
      mend: [
        `"instanceType": "${USUAL[image.architecture]}" in lucree.json`,
        'another --platform in the Dockerfile.',
      ],
    })
  }
  if (type.freeTierEligible)
    return seen({ state: 'ok', found: `${name}, eligible for the free tier`, mend: [] })
  return seen({
    ...{ state: 'warning', code: 'LUC-ACCOUNT-TYPE-NOT-FREE' },
    found: `${name} is not eligible for the free tier`,
    why: 'an account on the free plan can not start it: the environment would hang while it launches; any other account pays for it',
    mend: [list],
  })
}

const NAME = 'instance type'

function enoughZones(
  { zones }: Candidate,
  place: Place | undefined,
  type: 'single' | 'load-balanced',
): boolean {
  const usable = place ? place.subnets.map(({ zone }) => zone).filter((zone) => zones.includes(zone)) : zones
  return new Set(usable).size >= (type === 'single' ? 1 : 2)
}
