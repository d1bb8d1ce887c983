/** A version of the Docker branch. Source of numbers and dates: release notes as seen through 2025 and 2026. */
export interface PlatformVersion {
  version: string
  releasedAt: string
  lifecycle: 'Recommended' | ''
}

export const branchName = 'Docker running on 64bit Amazon Linux 2023'
export const operatingSystem = { name: 'Amazon Linux', version: '2023' }

/** Newest first. */
export const platformVersions: readonly PlatformVersion[] = [
  { version: '4.13.8', releasedAt: '2026-09-15T00:00:00.000Z', lifecycle: 'Recommended' },
  { version: '4.13.5', releasedAt: '2026-07-31T00:00:00.000Z', lifecycle: '' },
  { version: '4.13.1', releasedAt: '2026-06-10T00:00:00.000Z', lifecycle: '' },
]

export const latestVersion = '4.13.8'

export function solutionStackOf(version: string): string {
  return `64bit Amazon Linux 2023 v${version} running Docker`
}

export function platformArnOf(version: string, region: string): string {
  return `arn:aws:elasticbeanstalk:${region}::platform/${branchName}/${version}`
}

/** Undefined when the platform has no such version. An ARN without a version means the latest; one without a region means this one. */
export function versionOfArn(arn: string, region: string): string | undefined {
  const match = /^arn:aws:elasticbeanstalk:([a-z0-9-]*)::platform\/([^/]+)(?:\/([\d.]+))?$/.exec(arn)
  if (match === null || match[2] !== branchName || (match[1] !== '' && match[1] !== region)) return undefined
  return known(match[3] ?? latestVersion)
}

export function versionOfStack(stack: string): string | undefined {
  return known(/^64bit Amazon Linux 2023 v(\d+\.\d+\.\d+) running Docker$/.exec(stack)?.[1])
}

function known(version: string | undefined): string | undefined {
  return platformVersions.find((platform) => platform.version === version)?.version
}
