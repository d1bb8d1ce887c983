/**
 * Variables of the user's that the server needs: to find programs and their configuration (engine, npm behind a registry or a proxy). Everything
 * else stays out of a process that lives on: `LUCREE_PASSWD=… lucree deploy --local` must not leave the token in its environment.
 */
const wanted = [
  /^(PATH|HOME|USER|LOGNAME|SHELL|LANG|LANGUAGE|TZ|TMPDIR)$/,
  /^(LC|XDG|DOCKER|CONTAINER|CONTAINERS|PODMAN|BUILDKIT|BUILDX)_/,
  /^(HTTPS?|NO|ALL)_PROXY$/i,
  /^(NODE_EXTRA_CA_CERTS|LUCREE_BUILD_NETWORK)$/,
  /^npm_config_(registry|cache|cafile|proxy|https_proxy|noproxy|userconfig|globalconfig)$/i,
]

/** The part of an environment that the embedded server is started with. */
export function serverEnvironment(environment: Record<string, string | undefined>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(environment).flatMap(([name, value]) =>
      value !== undefined && wanted.some((pattern) => pattern.test(name)) ? [[name, value]] : [],
    ),
  )
}
