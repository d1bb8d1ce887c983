import { numberOf, isSingleInstance, valueOf } from '../options/settings.ts'
import type { Setting } from '../state/model.ts'

const process = 'aws:elasticbeanstalk:environment:process:default'

/** How an environment's instances are checked. */
export interface Check {
  /** Absent: a connection is enough. */
  path?: string
  accepts(status: number): boolean
  /** How the check names itself to the application. */
  userAgent: string
  /** Seconds between two checks. */
  interval: number
  timeoutMs: number
  /** Consecutive results that turn the verdict. */
  healthyCount: number
  unhealthyCount: number
}

/**
 * Behind a load balancer the options of process:default hold. A single instance has none: there the path is asked for only when it was set, and
 * anything but a server error will do, since what the service counts then is answers of 5xx.
 */
export function checkOf(settings: readonly Setting[]): Check {
  const interval = numberOf(settings, process, 'HealthCheckInterval')
  const timeoutMs = numberOf(settings, process, 'HealthCheckTimeout') * 1000
  const path = pathOf(settings)
  if (isSingleInstance(settings)) {
    const accepts = (status: number) => status < 500
    return {
      ...(path === undefined ? {} : { path }),
      accepts,
      userAgent: 'lucree-local-health/1.0',
      interval: 10,
      timeoutMs,
      healthyCount: 1,
      unhealthyCount: 2,
    }
  }
  return {
    path: path ?? '/',
    accepts: matcherOf(valueOf(settings, process, 'MatcherHTTPCode')),
    userAgent: 'ELB-HealthChecker/2.0',
    interval,
    timeoutMs,
    healthyCount: numberOf(settings, process, 'HealthyThresholdCount'),
    unhealthyCount: numberOf(settings, process, 'UnhealthyThresholdCount'),
  }
}

/** The path that was set; the older `Application Healthcheck URL` counts too, in whichever of its forms. */
function pathOf(settings: readonly Setting[]): string | undefined {
  const set = settings.find(
    ({ namespace, name }) => namespace === process && name === 'HealthCheckPath',
  )?.value
  const url = valueOf(settings, 'aws:elasticbeanstalk:application', 'Application Healthcheck URL')
  const path = set ?? (url === '' ? undefined : url.replace(/^[A-Za-z]+:(\/\/[^/]*|\d+)?/, ''))
  if (path === undefined) return undefined
  return path.startsWith('/') ? path : `/${path}`
}

/** `200`, `200,202` or `200-299`. */
function matcherOf(codes: string): (status: number) => boolean {
  const ranges = codes.split(',').map((range) => range.split('-').map(Number))
  return (status) => ranges.some(([from, to]) => status >= from! && status <= (to ?? from!))
}
