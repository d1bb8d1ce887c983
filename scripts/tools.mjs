import { answers } from './buildkit.mjs'
import { mayInstall } from './debian.mjs'
import { run } from './run.mjs'

/** Whether a command is there and works, by its exit code. */
const works = async (command, ...args) => (await run(command, args, { deadlineMs: 30_000 })).code === 0

/**
 * What a lane needs of the machine. `found` answers whether it works now; a container engine counts only when its own client reaches
 * it, so DOCKER_HOST counts and a client without an engine doesn't. Where `canBeHad` says no, a lane isn't required either.
 */
export const tools = {
  aws: {
    name: 'the AWS CLI (aws)',
    found: () => works('aws', '--version'),
  },
  engine: {
    name: 'a container engine (docker or podman)',
    found: async () => (await works('docker', 'version')) || (await works('podman', 'version')),
  },
  builder: {
    name: "the BuildKit of Docker 26 from Debian's packages (scripts/buildkit.mjs)",
    found: () => answers(process.env),
    canBeHad: mayInstall,
  },
  chromium: {
    name: 'Chromium (chromium)',
    found: () => works('chromium', '--version'),
  },
}
