#!/usr/bin/env node
import './node-version.mjs'
import { spawn } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  openSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { baseImageFile, baseImageName } from './base-image.mjs'
import { makeBridge, removeBridge } from './bridge.mjs'
import { aptInstall } from './debian.mjs'
import { root, run, step } from './run.mjs'

/** Where `up` writes down what `down` has to end. */
const record = join(root, '.cache', 'engine', 'running.json')

const hostOf = (directory) => `unix://${directory}/docker.sock`
const answers = async (host) => (await docker(host, ['version'], 10_000)).code === 0
const docker = (host, args, deadlineMs) => run('docker', args, { deadlineMs, env: { DOCKER_HOST: host } })

const running = () => (existsSync(record) ? JSON.parse(readFileSync(record, 'utf8')) : undefined)

/**
 * Starts a Docker daemon for tests on a socket in a directory of its own and gives it the base image of packages/api/Dockerfile. For a
 * root user of Debian: what is missing is installed. It touches no firewall rule, so containers have no network of their own but published
 * ports. Answers the DOCKER_HOST; one that already runs is used again.
 */
export async function up() {
  const before = running()
  if (before && (await answers(hostOf(before.directory)))) return hostOf(before.directory)
  if (before) await down()
  await aptInstall([
    ['dockerd', 'docker.io'],
    ['iptables', 'iptables'],
    ['ip', 'iproute2'],
    ['mmdebstrap', 'mmdebstrap'],
  ])
  const base = await baseImageFile()
  const directory = await startDaemon()
  const host = hostOf(directory)
  await untilAnswers(host, directory)
  await step('Loading the base image', 'docker', ['--host', host, ...importArguments(base)], {
    deadlineMs: 120_000,
  })
  return host
}

const importArguments = (file) => [
  'import',
  '--change',
  'ENV PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin',
  '--change',
  'CMD ["node"]',
  file,
  baseImageName,
]

async function startDaemon() {
  const directory = mkdtempSync(join(tmpdir(), 'lucree-engine-'))
  const bridge = `lucree-${randomBytes(4).toString('hex')}`
  await makeBridge(bridge)
  const log = openSync(join(directory, 'dockerd.log'), 'w', 0o600)
  const flags = {
    host: hostOf(directory),
    'data-root': join(directory, 'data'),
    'exec-root': join(directory, 'exec'),
    pidfile: join(directory, 'dockerd.pid'),
    bridge,
    iptables: 'false',
    ip6tables: 'false',
    'ip-masq': 'false',
  }
  const args = Object.entries(flags).map(([name, value]) => `--${name}=${value}`)
  const child = spawn('dockerd', args, { detached: true, stdio: ['ignore', log, log] })
  child.unref()
  mkdirSync(join(record, '..'), { recursive: true })
  writeFileSync(`${record}.new`, `${JSON.stringify({ directory, bridge, pid: child.pid })}\n`)
  renameSync(`${record}.new`, record)
  return directory
}

async function untilAnswers(host, directory) {
  for (let turn = 0; turn < 120; turn += 1) {
    if (await answers(host)) return
    await delay(250)
  }
  const log = readFileSync(join(directory, 'dockerd.log'), 'utf8')
  await down()
  throw new Error(`The Docker daemon didn't answer within 30 s. Its log:\n${log}`)
}

/** Ends the daemon of {@link up} and its containers, and removes its directory. Nothing to end is no error. */
export async function down() {
  const last = running()
  if (!last) return
  const { directory, bridge, pid } = last
  const ours = () => commandOf(pid).includes(directory)
  if (ours()) {
    await removeContainers(hostOf(directory))
    for (const [signal, turns] of [
      ['SIGTERM', 60],
      ['SIGKILL', 20],
    ]) {
      if (ours()) process.kill(pid, signal)
      for (let turn = 0; turn < turns && ours(); turn += 1) await delay(250)
    }
  }
  for (const mount of mountsBelow(directory)) await run('umount', ['--lazy', mount], { deadlineMs: 10_000 })
  await removeBridge(bridge)
  rmSync(directory, { recursive: true, force: true, maxRetries: 10, retryDelay: 200 })
  rmSync(record, { force: true })
}

async function removeContainers(host) {
  const { code, output } = await docker(host, ['ps', '--all', '--quiet'], 10_000)
  const ids = code === 0 ? output.split('\n').filter(Boolean) : []
  if (ids.length > 0) await docker(host, ['rm', '--force', '--volumes', ...ids], 60_000)
}

/** The command line of a process, so that a process id which was given to somebody else meanwhile is left alone. */
const commandOf = (pid) =>
  existsSync(`/proc/${pid}/cmdline`) ? readFileSync(`/proc/${pid}/cmdline`, 'utf8') : ''

/** Mount points inside a directory, the deepest first. */
const mountsBelow = (directory) =>
  readFileSync('/proc/self/mounts', 'utf8')
    .split('\n')
    .map((line) => line.split(' ')[1] ?? '')
    .filter((path) => path.startsWith(`${directory}/`))
    .sort((a, b) => b.length - a.length)

if (process.argv[1] === import.meta.filename) {
  const command = process.argv[2]
  if (command === 'up') console.log(`export DOCKER_HOST=${await up()}`)
  else if (command === 'down') await down()
  else {
    console.error('usage: eval "$(node scripts/engine.mjs up)" … node scripts/engine.mjs down')
    process.exit(2)
  }
}
