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
import { parseArgs } from 'node:util'
import { baseImageFile, baseImageName } from './base-image.mjs'
import { freeSubnet, makeBridge, removeBridge } from './bridge.mjs'
import { makeDebianRoot } from './debian-root.mjs'
import { aptInstall } from './debian.mjs'
import { engines } from './engines.mjs'
import { hasNetavarkRules, removeNetavarkRules } from './firewall.mjs'
import { beganAt } from './process-start.mjs'
import { root, run, step } from './run.mjs'

/** Where `up` writes down what `down` has to end. */
const cache = join(root, '.cache', 'engine')
const recordOf = (name) => join(cache, `${name}.running.json`)

const hostOf = (name, directory) => `unix://${directory}/sock/${engines[name].socket}`
const answers = async (host) => (await docker(host, ['version'], 10_000)).code === 0
const docker = (host, args, deadlineMs) => run('docker', args, { deadlineMs, env: { DOCKER_HOST: host } })

const running = (name) =>
  existsSync(recordOf(name)) ? JSON.parse(readFileSync(recordOf(name), 'utf8')) : undefined

/**
 * Starts an engine for tests on a socket in a directory of its own and gives it the base image of packages/api/Dockerfile. For a root user of
 * Debian: what is missing is installed. Docker touches no firewall rule, so its containers have no network of their own but published ports.
 * Answers the DOCKER_HOST; one that already runs is used again.
 *
 * @param {string} name one of {@link engines}
 */
export async function up(name = 'docker-20.10') {
  const before = running(name)
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
  await untilAnswers(name, host, directory)
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

async function start(name, home) {
  const { prepare, command, firewall = false } = engines[name]
  const directory = mkdtempSync(join(tmpdir(), 'lucree-engine-'))
  for (const part of ['data', 'sock']) mkdirSync(join(directory, part))
  const bridge = { name: `lucree-${randomBytes(4).toString('hex')}`, subnet: await freeSubnet() }
  const rules = firewall && !(await hasNetavarkRules())
  if (prepare) prepare(join(directory, 'data'), bridge)
  else await makeBridge(bridge)
  const log = openSync(join(directory, 'engine.log'), 'w', 0o600)
  const inRoot = [join(import.meta.dirname, 'in-root.sh'), home, directory]
  const child = spawn('unshare', ['--mount', 'sh', ...inRoot, ...command({ bridge })], {
    detached: true,
    stdio: ['ignore', log, log],
  })
  child.unref()
  const record = { directory, bridge: bridge.name, rules, pid: child.pid, began: beganAt(child.pid) }
  mkdirSync(cache, { recursive: true })
  writeFileSync(`${recordOf(name)}.new`, `${JSON.stringify(record)}\n`)
  renameSync(`${recordOf(name)}.new`, recordOf(name))
  return directory
}

async function untilAnswers(name, host, directory) {
  for (let turn = 0; turn < 120; turn += 1) {
    if (await answers(host)) return
    await delay(250)
  }
  const log = readFileSync(join(directory, 'engine.log'), 'utf8')
  await end(name)
  throw new Error(`The engine ${name} didn't answer within 30 s. Its log:\n${log}`)
}

/** Ends all engines of {@link up}, or the one that is named, with their containers, and removes their directories. Nothing to end is no error. */
export async function down(name) {
  for (const each of name === undefined ? Object.keys(engines) : [name]) await end(each)
}

async function end(name) {
  const last = running(name)
  if (!last) return
  const { directory, bridge, rules, pid, began } = last
  const ours = () => began !== undefined && beganAt(pid) === began
  if (ours()) {
    await removeContainers(hostOf(name, directory))
    for (const [signal, turns] of [
      ['SIGTERM', 60],
      ['SIGKILL', 20],
    ]) {
      if (ours()) process.kill(pid, signal)
      for (let turn = 0; turn < turns && ours(); turn += 1) await delay(250)
    }
  }
  await removeBridge(bridge)
  if (rules) await removeNetavarkRules()
  rmSync(directory, { recursive: true, force: true, maxRetries: 10, retryDelay: 200 })
  rmSync(recordOf(name), { force: true })
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
