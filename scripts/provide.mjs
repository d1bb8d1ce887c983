import * as buildkit from './buildkit.mjs'
import { aptInstall, mayInstall } from './debian.mjs'
import { down, up } from './engine.mjs'
import { tools } from './tools.mjs'

/** The engines that a build machine runs the container lane on: the oldest that people have, and the nearest to the one that AWS has. */
const required = ['docker-20.10', 'docker-26']

/**
 * Gives lanes the tools that the machine lacks, where that is possible: for a root user of Debian. Answers the variables that the lanes need,
 * `engines` with those of each engine that the container lane runs on (none: the one of this machine, if there is one), and `close`, which ends what was started.
 */
export async function provide(lanes) {
  const nothing = { env: {}, engines: {}, close: async () => undefined }
  if (!mayInstall()) return nothing
  const wanted = new Set(lanes.map(({ tool }) => tool).filter(Boolean))
  const installed = [
    [tools.aws, ['aws', 'awscli']],
    // The wire lane compares the front with it too; without it that file is skipped by name.
    [tools.aws, ['nginx', 'nginx-light']],
    [tools.chromium, ['chromium', 'chromium']],
  ]
  await aptInstall(installed.filter(([tool]) => wanted.has(tool)).map(([, entry]) => entry))
  const env = {}
  const ends = []
  const engines = {}
  if (wanted.has(tools.engine)) {
    ends.push(down)
    for (const name of required) engines[name] = { DOCKER_HOST: await up(name) }
  }
  if (wanted.has(tools.builder) && !(await tools.builder.found())) {
    Object.assign(env, await buildkit.up())
    ends.push(buildkit.down)
  }
  Object.assign(process.env, env)
  return { env, engines, close: () => Promise.all(ends.map((end) => end())) }
}
