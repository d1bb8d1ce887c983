import { baseImageName } from './base-image.mjs'
import { answers } from './buildkit.mjs'
import { mayInstall } from './debian.mjs'
import { reachedEngine } from './reached-engine.mjs'
import { run } from './run.mjs'

/** Whether a command is there and works, by its exit code. */
const works = async (command, ...args) => (await run(command, args, { deadlineMs: 30_000 })).code === 0

/** What a lane needs of the machine. `found` answers whether it works now: true, or the variables by which tests find it. Where `canBeHad` says no, a lane isn't required either. */
export const tools = {
  aws: {
    name: 'the AWS CLI (aws)',
    found: () => works('aws', '--version'),
  },
  engine: {
    name: `a container engine that answers (Docker or Podman), has ${baseImageName} or can fetch it, and its client`,
    found: reachedEngine,
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
