import type { DeployTarget } from '../src/config/target.ts'

/** A project of one instance, `shop` at `/shop`; with what a test is about. */
export function deployTarget(about: Partial<DeployTarget> = {}): DeployTarget {
  return {
    application: 'shop',
    environment: 'shop-production',
    region: 'us-east-1',
    local: false,
    projectDir: '/shop',
    source: '/shop',
    include: [],
    build: undefined,
    variables: {},
    type: 'single',
    instanceType: undefined,
    minInstances: 1,
    maxInstances: 1,
    healthCheck: '/',
    ...about,
  }
}

/** The same project behind a load balancer. */
export function balancedTarget(about: Partial<DeployTarget> = {}): DeployTarget {
  return deployTarget({ type: 'load-balanced', minInstances: 2, maxInstances: 4, ...about })
}
