import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

/** Docker of a release of Debian, with a client of its own for tests that want one. */
const docker = (suite, include) => ({
  recipe: { suite, include: ['docker.io', ...include, 'runc', 'iptables', 'mount'] },
  socket: 'docker.sock',
  command: ({ bridge }) => [
    'dockerd',
    '--host=unix:///run/sock/docker.sock',
    '--data-root=/data-root',
    '--exec-root=/run/exec',
    '--pidfile=/run/dockerd.pid',
    ...(bridge ? [`--bridge=${bridge.name}`, '--ip-masq=false'] : ['--bridge=none']),
    '--iptables=false',
    '--ip6tables=false',
  ],
})

const podman = (suite) => ({
  recipe: {
    suite,
    include: ['podman', 'conmon', 'netavark', 'aardvark-dns', 'runc', 'iptables', 'iproute2', 'mount'],
  },
  socket: 'podman.sock',
  // It sets rules for published ports; those are taken back when it ends.
  firewall: true,
  prepare: preparePodman,
  command: () => [
    ...['env', 'CONTAINERS_CONF=/data-root/containers.conf', 'PODMAN_IGNORE_CGROUPSV1_WARNING=1'],
    ...['podman', '--root=/data-root/storage', '--runroot=/run/podman', '--tmpdir=/run/podman-tmp'],
    ...['--storage-driver=overlay', 'system', 'service', '--time=0', 'unix:///run/sock/podman.sock'],
  ],
})

/**
 * The engines that tests run on, each from Debian's packages in a root of its own: what Debian 12 and 13 have, which are the oldest and the
 * newest that people are likely to meet.
 */
export const engines = {
  'docker-20.10': docker('bookworm', []),
  'docker-26': docker('trixie', ['docker-cli', 'docker-buildx']),
  'podman-4.3': podman('bookworm'),
  'podman-5.4': podman('trixie'),
}

/** A bridge and a network of its own, limits that a machine which may raise none allows, and no process left behind by `exec`. */
function preparePodman(data, { name, subnet }) {
  const networks = join(data, 'networks')
  mkdirSync(networks, { recursive: true })
  const network = {
    name: 'podman',
    id: '2f259bab93aaaaa2542ba43ef33eb990d0999ee1b9924b557b7be53c0b7a1bb9',
    driver: 'bridge',
    network_interface: name,
    created: '2026-01-01T00:00:00Z',
    subnets: [{ subnet: `${subnet}0/24`, gateway: `${subnet}1` }],
    ipv6_enabled: false,
    internal: false,
    dns_enabled: false,
    ipam_options: { driver: 'host-local' },
  }
  writeFileSync(join(networks, 'podman.json'), JSON.stringify(network))
  const configuration = `
[containers]
default_ulimits = ["nofile=20000:20000", "nproc=4096:4096"]
log_driver = "json-file"
[engine]
runtime = "runc"
cgroup_manager = "cgroupfs"
events_logger = "file"
exit_command_delay = 1
[network]
network_backend = "netavark"
firewall_driver = "iptables"
network_config_dir = "/data-root/networks"
`
  writeFileSync(join(data, 'containers.conf'), configuration)
}
