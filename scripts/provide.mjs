import * as buildkit from './buildkit.mjs'
import { aptInstall, mayInstall } from './debian.mjs'
import { down, up } from './engine.mjs'
import { tools } from './tools.mjs'

/**
 * Gives lanes the tools that the machine lacks, where that is possible: for a root user of Debian. Answers the variables that the lanes need
 * and `close`, which ends what was started.
 */
export async function provide(lanes) {
  const nothing = { env: {}, close: async () => undefined }
  if (!mayInstall()) return nothing
  const wanted = new Set(lanes.map(({ tool }) => tool).filter(Boolean))
  const installed = [
    [tools.aws, ['aws', 'awscli']],
    [tools.chromium, ['chromium', 'chromium']],
  ]
  await aptInstall(installed.filter(([tool]) => wanted.has(tool)).map(([, entry]) => entry))
  const env = {}
  const ends = []
  if (wanted.has(tools.engine) && !(await tools.engine.found())) {
    env.DOCKER_HOST = await up()
    ends.push(down)
  }
  if (wanted.has(tools.builder) && !(await tools.builder.found())) {
    Object.assign(env, await buildkit.up())
    ends.push(buildkit.down)
  }
  Object.assign(process.env, env)
  return { env, close: () => Promise.all(ends.map((end) => end())) }
}
