import { run } from './run.mjs'

/** Whether a command is there and works, by its exit code. */
const works = async (command, ...args) => (await run(command, args, { deadlineMs: 30_000 })).code === 0

/**
 * What a lane needs of the machine. `found` answers whether it works now; a container engine counts only when its own client reaches
 * it, so DOCKER_HOST counts and a client without an engine doesn't.
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
  chromium: {
    name: 'Chromium (chromium)',
    found: () => works('chromium', '--version'),
  },
}
