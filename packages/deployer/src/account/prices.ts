/**
 * US dollars an hour of the types that a free-plan account may start (facts sheet §0, 1): Linux, on demand, us-east-1, as
 * https://aws.amazon.com/ec2/pricing/on-demand/ had them on 2026-11-22 (t3.micro: facts sheet §5). They are compared and never shown as a bill:
 * other regions are dearer, in the same order.
 */
const HOURLY: Record<string, number> = {
  't4g.micro': 0.0084,
  't3.micro': 0.0104,
  't2.micro': 0.0116,
  't4g.small': 0.0168,
  't3.small': 0.0208,
  't2.small': 0.023,
  'c7i-flex.large': 0.08479,
  'm7i-flex.large': 0.09576,
}

/** Orders types from the cheapest to the dearest; those without a known price come last, the smallest first. */
export function cheaperFirst(
  one: { name: string; memoryMiB: number },
  other: { name: string; memoryMiB: number },
): number {
  const difference = (HOURLY[one.name] ?? Infinity) - (HOURLY[other.name] ?? Infinity)
  return Number.isNaN(difference) ? one.memoryMiB - other.memoryMiB : difference
}
