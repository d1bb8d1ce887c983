#!/usr/bin/env node
import './node-version.mjs'
import { randomBytes } from 'node:crypto'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { baseImageFile, baseImageName } from './base-image.mjs'
import { freeSubnet, makeBridge, removeBridge } from './bridge.mjs'
import { daemonDirectory, endDaemon, isAlive, running, startDaemon, untilAnswers } from './daemon.mjs'
import { makeDebianRoot } from './debian-root.mjs'
import { aptInstall } from './debian.mjs'
import { engines } from './engines.mjs'
import { hasNetavarkRules, removeNetavarkRules } from './firewall.mjs'
import { root, run, step } from './run.mjs'

/** Where `up` writes down what `down` has to end. */
const recordOf = (name) => join(root, '.cache', 'engine', `${name}.running.json`)

const hostOf = (name, directory) => `unix://${directory}/sock/${engines[name].socket}`
const answers = async (host) => (await docker(host, ['version'], 10_000)).code === 0
const docker = (host, args, deadlineMs) => run('docker', args, { deadlineMs, env: { DOCKER_HOST: host } })

/**
 * Starts an engine for tests on a socket in a directory of its own and gives it the base image of packages/api/Dockerfile. For a root user of
 * Debian: what is missing is installed. Docker touches no firewall rule, so its containers have no network of their own but published ports.
 * Answers the DOCKER_HOST; one that already runs is used again.
 *
 * @param {string} name one of {@link engines}
 */
export async function up(name = 'docker-20.10') {
  const before = running(recordOf(name))
  if (before && (await answers(hostOf(name, before.directory)))) return hostOf(name, before.directory)
  if (before) await end(name)
  await aptInstall([
    ['docker', 'docker.io'],
    ['iptables', 'iptables'],
    ['ip', 'iproute2'],
    ['mmdebstrap', 'mmdebstrap'],
  ])
  const base = await baseImageFile()
  const home = await makeDebianRoot(engines[name].recipe)
  const directory = await start(name, home)
  const host = hostOf(name, directory)
  try {
    await untilAnswers(recordOf(name), () => answers(host))
    await step('Loading the base image', 'docker', ['--host', host, ...importArguments(base)], {
      deadlineMs: 120_000,
    })
    return host
  } catch (error) {
    await end(name)
    throw error
  }
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

async function start(name, home) {
  const { prepare, command, firewall = false } = engines[name]
  const directory = daemonDirectory()
  const bridge = { name: `lucree-${randomBytes(4).toString('hex')}`, subnet: await freeSubnet() }
  const rules = firewall && !(await hasNetavarkRules())
  if (prepare) prepare(join(directory, 'data'), bridge)
  else await makeBridge(bridge)
  const more = { bridge: bridge.name, rules }
  startDaemon(recordOf(name), { home, directory, command: command({ bridge }), more })
  return directory
}

/** Ends all engines of {@link up}, or the one that is named, with their containers, and removes their directories. Nothing to end is no error. */
export async function down(name) {
  for (const each of name === undefined ? Object.keys(engines) : [name]) await end(each)
}

async function end(name) {
  const last = running(recordOf(name))
  if (!last) return
  const { directory, bridge, rules } = last
  if (isAlive(last)) await removeContainers(hostOf(name, directory))
  await endDaemon(recordOf(name))
  await removeBridge(bridge)
  if (rules) await removeNetavarkRules()
}

async function removeContainers(host) {
  const { code, output } = await docker(host, ['ps', '--all', '--quiet'], 10_000)
  const ids = code === 0 ? output.split('\n').filter(Boolean) : []
  if (ids.length > 0) await docker(host, ['rm', '--force', '--volumes', ...ids], 60_000)
}

function readCommand() {
  const usage = `usage: eval "$(node scripts/engine.mjs up [--engine ${Object.keys(engines).join('|')}])" … node scripts/engine.mjs down [--engine …]`
  try {
    const { values, positionals } = parseArgs({
      options: { engine: { type: 'string' } },
      allowPositionals: true,
    })
    const [command, ...more] = positionals
    const known = values.engine === undefined || Object.hasOwn(engines, values.engine)
    if (known && more.length === 0 && (command === 'up' || command === 'down')) {
      return { command, engine: values.engine }
    }
  } catch (error) {
    if (!String(error.code).startsWith('ERR_PARSE_ARGS_')) throw error
  }
  console.error(usage)
  process.exit(2)
}

if (process.argv[1] === import.meta.filename) {
  const { command, engine } = readCommand()
  if (command === 'up') console.log(`export DOCKER_HOST=${await up(engine)}`)
  else await down(engine)
}
