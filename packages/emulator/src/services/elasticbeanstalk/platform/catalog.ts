import type { Scenario } from '../../../scenario.ts'

/** A version of the Docker branch. Source of numbers and dates: release notes as seen through 2025 and 2026. */
export interface PlatformVersion {
  version: string
  releasedAt: string
  lifecycle: 'Recommended' | ''
}

export const branchName = 'Docker running on 64bit Amazon Linux 2023'
export const operatingSystem = { name: 'Amazon Linux', version: '2023' }

/** Newest first. */
const released = [
  { version: '4.13.8', releasedAt: '2026-09-15T00:00:00.000Z' },
  { version: '4.13.5', releasedAt: '2026-07-31T00:00:00.000Z' },
  { version: '4.13.1', releasedAt: '2026-06-10T00:00:00.000Z' },
]

/** What an account may choose from, newest first; the newest is the recommended one. A retired version is nowhere to be seen (facts sheet §1.2). */
export function platformsOf({ retiredPlatform }: Pick<Scenario, 'retiredPlatform'>): PlatformVersion[] {
  const available = retiredPlatform ? released.slice(1) : released
  return available.map((platform, index) => ({ ...platform, lifecycle: index === 0 ? 'Recommended' : '' }))
}

export const latestOf = ([newest]: readonly PlatformVersion[]): string => newest!.version

export function solutionStackOf(version: string): string {
  return `64bit Amazon Linux 2023 v${version} running Docker`
}

export function platformArnOf(version: string, region: string): string {
  return `arn:aws:elasticbeanstalk:${region}::platform/${branchName}/${version}`
}

/** Undefined when the platform has no such version. An ARN without a version means the latest; one without a region means this one. */
export function versionOfArn(
  arn: string,
  region: string,
  platforms: readonly PlatformVersion[],
): string | undefined {
  const match = /^arn:aws:elasticbeanstalk:([a-z0-9-]*)::platform\/([^/]+)(?:\/([\d.]+))?$/.exec(arn)
  if (match === null || match[2] !== branchName || (match[1] !== '' && match[1] !== region)) return undefined
  return known(match[3] ?? latestOf(platforms), platforms)
}

export function versionOfStack(stack: string, platforms: readonly PlatformVersion[]): string | undefined {
  return known(/^64bit Amazon Linux 2023 v(\d+\.\d+\.\d+) running Docker$/.exec(stack)?.[1], platforms)
}

function known(version: string | undefined, platforms: readonly PlatformVersion[]): string | undefined {
  return platforms.find((platform) => platform.version === version)?.version
}
