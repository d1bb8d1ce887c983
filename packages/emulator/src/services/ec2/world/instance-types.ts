/** A type of instance, as far as a deploy looks at it. */
export interface InstanceType {
  name: string
  architecture: 'x86_64' | 'arm64'
  vcpus: number
  memoryMiB: number
  /** A free-plan account may start it (facts sheet §0.1). */
  freeTierEligible: boolean
  burstable: boolean
}

type Size = [size: string, vcpus: number, memoryGiB: number]

const FREE_TIER = new Set([
  't3.micro',
  't3.small',
  't4g.micro',
  't4g.small',
  'c7i-flex.large',
  'm7i-flex.large',
])

/** t3 and what came after it has two processors from nano to large. */
const burstable: Size[] = [
  ['nano', 2, 0.5],
  ['micro', 2, 1],
  ['small', 2, 2],
  ['medium', 2, 4],
  ['large', 2, 8],
  ['xlarge', 4, 16],
  ['2xlarge', 8, 32],
]
const olderBurstable: Size[] = [
  ['nano', 1, 0.5],
  ['micro', 1, 1],
  ['small', 1, 2],
  ['medium', 2, 4],
  ['large', 2, 8],
  ['xlarge', 4, 16],
  ['2xlarge', 8, 32],
]
const steady = (memoryPerProcessor: number): Size[] =>
  [2, 4, 8, 16].map((vcpus, step) => [
    ['large', 'xlarge', '2xlarge', '4xlarge'][step]!,
    vcpus,
    vcpus * memoryPerProcessor,
  ])

const sizes: Record<string, Size[]> = {
  t2: olderBurstable,
  ...Object.fromEntries(['t3', 't3a', 't4g'].map((family) => [family, burstable])),
  ...Object.fromEntries(['c5', 'c6i', 'c6g', 'c7i', 'c7g', 'c7i-flex'].map((family) => [family, steady(2)])),
  ...Object.fromEntries(
    ['m5', 'm6i', 'm6a', 'm6g', 'm7i', 'm7g', 'm7i-flex'].map((family) => [family, steady(4)]),
  ),
  ...Object.fromEntries(['r5', 'r6i', 'r6g', 'r7g'].map((family) => [family, steady(8)])),
}

/** The types that the local account knows, by family and size. Source: EC2's instance type tables. */
export const instanceTypes: readonly InstanceType[] = Object.entries(sizes).flatMap(([family, rows]) =>
  rows.map(([size, vcpus, memoryGiB]) => {
    const name = `${family}.${size}`
    return {
      name,
      architecture: /^[a-z]\d+g/.test(family) ? ('arm64' as const) : ('x86_64' as const),
      vcpus,
      memoryMiB: memoryGiB * 1024,
      freeTierEligible: FREE_TIER.has(name),
      burstable: family.startsWith('t'),
    }
  }),
)

export const findInstanceType = (name: string): InstanceType | undefined =>
  instanceTypes.find((type) => type.name === name)

/** Families that the oldest zone still has; the others came after its machines were bought (facts sheet §2.4). */
const inOldestZone = new Set(['t2'])

/** Whether a zone has the type. */
export function isOffered(name: string, zone: string): boolean {
  return zone !== 'us-east-1e' || inOldestZone.has(name.split('.')[0]!)
}
