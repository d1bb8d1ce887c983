/** Who may come in, as a security group of an environment has it. */
export interface Opening {
  port: number
  from: { cidr: string } | { group: string }
}

export interface OwnedGroup {
  id: string
  name: string
  description: string
  openings: Opening[]
}

export interface OwnedInstance {
  id: string
  type: string
  zone: string
  /** Undefined when its subnet is gone. */
  subnet: string | undefined
  privateIp: string
  publicIp: string | undefined
  launchedAt: string
  /** What the load balancer's checks last said; undefined before the first verdict. */
  healthy: boolean | undefined
  inService: boolean
  /** Files that its platform streams to CloudWatch Logs: name below `/var/log/` → path on this machine. */
  logFiles: Record<string, string>
}

/** An Auto Scaling group's try to launch an instance that came to nothing. */
export interface FailedLaunch {
  at: string
  message: string
}

export interface OwnedScalingGroup {
  name: string
  arn: string
  min: number
  max: number
  desired: number
  createdAt: string
  failures: FailedLaunch[]
  /** Empty for a single instance. */
  policies: { name: string; arn: string; adjustment: number }[]
}

export interface OwnedTargetGroup {
  name: string
  arn: string
  port: number
  check: {
    path: string
    matcher: string
    intervalSeconds: number
    timeoutSeconds: number
    healthyCount: number
    unhealthyCount: number
  }
}

export interface OwnedBalancer {
  name: string
  arn: string
  dnsName: string
  scheme: 'internet-facing' | 'internal'
  createdAt: string
  zones: { zone: string; subnet: string }[]
}

/**
 * What an environment has in the account beside Beanstalk's own: derived from the environment, so there is one truth. A part is absent as long
 * as it isn't made, or when it is deleted already.
 */
export interface Belongings {
  environmentId: string
  environmentName: string
  vpc: string | undefined
  tags: { key: string; value: string }[]
  groups: OwnedGroup[]
  address: { allocation: string; association: string; ip: string; instance: string | undefined } | undefined
  /** One of the two. */
  launchTemplate: { id: string; name: string; createdAt: string } | undefined
  launchConfiguration: { name: string } | undefined
  scalingGroup: OwnedScalingGroup | undefined
  alarms: { name: string; arn: string }[]
  targetGroup: OwnedTargetGroup | undefined
  balancer: OwnedBalancer | undefined
  listener: { arn: string } | undefined
  instances: OwnedInstance[]
}
