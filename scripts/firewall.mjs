import { run } from './run.mjs'

const iptables = (...args) => run('iptables', ['--wait', ...args], { deadlineMs: 10_000 })

/** The lines of `iptables-save` that are of netavark, Podman's network, with the table of each. */
async function netavarkRules() {
  const { code, output } = await run('iptables-save', [], { deadlineMs: 10_000 })
  if (code !== 0) return []
  let table = ''
  return output.split('\n').flatMap((line) => {
    if (line.startsWith('*')) table = line.slice(1)
    return /NETAVARK/.test(line) ? [{ table, line }] : []
  })
}

/** Whether a Podman of this machine has set rules: then none is ours to take back. */
export const hasNetavarkRules = async () => (await netavarkRules()).length > 0

/** Takes back what Podman has set and leaves when its last container has gone. */
export async function removeNetavarkRules() {
  const rules = await netavarkRules()
  for (const { table, line } of rules.filter(({ line }) => line.startsWith('-A '))) {
    const words = [...line.slice(3).matchAll(/"([^"]*)"|(\S+)/g)].map(([, quoted, plain]) => quoted ?? plain)
    await iptables('--table', table, '--delete', ...words)
  }
  for (const { table, line } of rules.filter(({ line }) => line.startsWith(':'))) {
    await iptables('--table', table, '--delete-chain', line.slice(1).split(' ')[0])
  }
}
