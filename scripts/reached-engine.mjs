import { request } from 'node:http'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { URLSearchParams } from 'node:url'
import { baseImageName } from './base-image.mjs'
import { run } from './run.mjs'

/**
 * The engine that tests can use, by the variables with which their clients reach it; undefined when there is none. A command isn't asked first: `docker`
 * may be a client without an engine, and `podman version` answers without any service. An engine counts when its API answers, when it has the image that
 * the tests build on or can fetch it, and when a client reaches it.
 */
export async function reachedEngine() {
  for (const host of candidates()) {
    if (!(await answers(host)) || !(await hasBaseImage(host))) continue
    const client = await clientOf(host)
    if (client) return { ...variables(host), LUCREE_ENGINE_CLIENT: client }
  }
  return undefined
}

/** Docker's client reads the first, Podman's the second. */
const variables = (host) => ({ DOCKER_HOST: host, CONTAINER_HOST: host })

/** Where the embedded Beanstalk looks, and no other: what is found here is what it finds. */
function candidates() {
  const { DOCKER_HOST, XDG_RUNTIME_DIR: own, HOME: home } = process.env
  if (DOCKER_HOST) return [DOCKER_HOST]
  const desktop = ['.docker/run', '.orbstack/run', '.colima/default', '.rd']
  return [
    ...(own ? [join(own, 'docker.sock')] : []),
    '/var/run/docker.sock',
    ...(own ? [join(own, 'podman/podman.sock')] : []),
    '/run/podman/podman.sock',
    ...(home ? desktop.map((place) => join(home, place, 'docker.sock')) : []),
  ].map((path) => `unix://${path}`)
}

const answers = async (host) => (await ask(host, 'GET', '/_ping', 2_000))?.status === 200

async function hasBaseImage(host) {
  const path = `/images/${encodeURIComponent(baseImageName)}/json`
  if ((await ask(host, 'GET', path, 10_000))?.status === 200) return true
  const query = new URLSearchParams({ fromImage: baseImageName })
  await ask(host, 'POST', `/images/create?${query}`, 180_000)
  return (await ask(host, 'GET', path, 10_000))?.status === 200
}

async function clientOf(host) {
  for (const client of ['docker', 'podman']) {
    const { code } = await run(client, ['ps', '--quiet'], { deadlineMs: 10_000, env: variables(host) })
    if (code === 0) return client
  }
  return undefined
}

/** One call; undefined when nobody answers it to its end in time. */
function ask(host, method, path, deadlineMs) {
  const tcp = /^(?:tcp|http):\/\/([^:/]+|\[[^\]]+\]):(\d+)\/?$/.exec(host)
  const address = tcp
    ? { host: tcp[1].replace(/[[\]]/g, ''), port: Number(tcp[2]) }
    : { socketPath: host.replace(/^unix:\/\//, '') }
  if (!tcp && !address.socketPath.startsWith('/')) return undefined
  return new Promise((resolve) => {
    const none = () => resolve(undefined)
    const options = {
      ...address,
      method,
      path,
      agent: false,
      headers: { host: 'docker', 'content-length': 0 },
    }
    request({ ...options, signal: AbortSignal.timeout(deadlineMs) }, (response) => {
      text(response).then((body) => resolve({ status: response.statusCode, body }), none)
    })
      .once('error', none)
      .end()
  })
}
