import type { Machine } from './emulator.ts'

/** Variables that a build needs to reach the registries that its user reaches: proxies, certificates, npm's own configuration. */
const FOR_BUILDS = /^((https?|no|all)_proxy|node_extra_ca_certs|npm_config_.+)$/i

/**
 * What the runtimes may know of this machine, from the server's environment. `LUCREE_BUILD_NETWORK` is `docker build --network`: an engine
 * without a bridge of its own needs `host`.
 */
export function machineOf(environment: Record<string, string | undefined>): Machine {
  const { DOCKER_HOST, XDG_RUNTIME_DIR, HOME, LUCREE_BUILD_NETWORK } = environment
  return {
    ...(DOCKER_HOST ? { dockerHost: DOCKER_HOST } : {}),
    ...(XDG_RUNTIME_DIR ? { runtimeDir: XDG_RUNTIME_DIR } : {}),
    ...(HOME ? { home: HOME } : {}),
    ...(LUCREE_BUILD_NETWORK ? { buildNetwork: LUCREE_BUILD_NETWORK } : {}),
    buildEnv: Object.fromEntries(
      Object.entries(environment).flatMap(([name, value]) =>
        value !== undefined && FOR_BUILDS.test(name) ? [[name, value]] : [],
      ),
    ),
  }
}
