import { run } from './run.mjs'

const ip = (...args) => run('ip', args, { deadlineMs: 10_000 })

/** Runs `ip`, and fails with its words when it doesn't succeed. */
async function must(...args) {
  const { code, output } = await ip(...args)
  if (code !== 0) throw new Error(`ip ${args.join(' ')} failed:\n${output}`)
  return output
}

/** A subnet for one engine that no interface has: the first three numbers of a /24 of 172.29.0.0/16, with the last point. */
export async function freeSubnet() {
  const taken = await must('-4', '-oneline', 'address', 'show')
  const free = Array.from({ length: 256 }, (_, third) => `172.29.${third}.`).filter(
    (net) => !taken.includes(net),
  )
  if (free.length === 0) throw new Error('There is no free network below 172.29.0.0/16 for the engine')
  // By chance, so that two that start at once rarely ask for the same one.
  return free[Math.floor(Math.random() * free.length)]
}

/**
 * Makes a network bridge for one daemon. Daemons that share Docker's default bridge give out the same addresses, and then one's published
 * port is answered by the other's container.
 *
 * @param {string} name at most 15 characters
 */
export async function makeBridge({ name, subnet }) {
  await must('link', 'add', 'name', name, 'type', 'bridge')
  await must('address', 'add', `${subnet}1/24`, 'dev', name)
  await must('link', 'set', name, 'up')
}

/** Removes a bridge; one that is gone needs nothing. */
export async function removeBridge(name) {
  if ((await ip('link', 'show', name)).code === 0) await must('link', 'delete', name)
}
