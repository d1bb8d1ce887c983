#!/usr/bin/env node
import './node-version.mjs'
import { spawn } from 'node:child_process'
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
import { get } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { baseImageFile } from './base-image.mjs'
import { debianRoot, makeDebianRoot } from './debian-root.mjs'
import { aptInstall } from './debian.mjs'
import { engines } from './engines.mjs'
import { beganAt } from './process-start.mjs'
import { root } from './run.mjs'

const cache = join(root, '.cache', 'buildkit')
/** Where `up` writes down what `down` has to end. */
const record = join(cache, 'running.json')

/** Debian 13 has Docker 26.1.5 with buildx 0.13.1, whatever Debian this machine is. */
const { recipe, command } = engines['docker-26']
const home = debianRoot(recipe)

/** The variables by which tests find the builder. */
const variablesOf = (directory) => ({
  LUCREE_BUILDER_SOCKET: join(directory, 'sock', 'docker.sock'),
  LUCREE_BUILDER_BUILDX: join(home, 'usr/libexec/docker/cli-plugins/docker-buildx'),
  LUCREE_BUILDER_BASE: readFileSync(join(cache, 'base'), 'utf8'),
})

const running = () => (existsSync(record) ? JSON.parse(readFileSync(record, 'utf8')) : undefined)

/** Whether the builder that these variables name answers. */
export function answers({ LUCREE_BUILDER_SOCKET: socketPath, LUCREE_BUILDER_BUILDX: buildx }) {
  if (!socketPath || !buildx || !existsSync(buildx)) return false
  return new Promise((done) => {
    const call = get({ socketPath, path: '/_ping', timeout: 10_000 }, (answer) => {
      answer.resume()
      done(answer.statusCode === 200)
    })
    call.once('timeout', () => call.destroy(new Error('no answer')))
    call.once('error', () => done(false))
  })
}

/**
 * Starts the Docker whose BuildKit the differential lane asks, from Debian's packages in a root of its own, which is cached: no registry
 * and no network, so builds stand on `scratch` and on what is imported. For a root user of Debian: what is missing is installed. Answers the
 * variables by which tests find it; one that already runs is used again.
 */
export async function up() {
  const before = running()
  if (before && (await answers(variablesOf(before.directory)))) return variablesOf(before.directory)
  if (before) await down()
  await aptInstall([['mmdebstrap', 'mmdebstrap']])
  mkdirSync(cache, { recursive: true })
  await makeDebianRoot(recipe)
  writeFileSync(join(cache, 'base'), await baseImageFile())
  const directory = startDaemon()
  await untilAnswers(directory)
  return variablesOf(directory)
}

function startDaemon() {
  const directory = mkdtempSync(join(tmpdir(), 'lucree-buildkit-'))
  for (const name of ['data', 'sock']) mkdirSync(join(directory, name))
  const log = openSync(join(directory, 'dockerd.log'), 'w', 0o600)
  const inRoot = [join(import.meta.dirname, 'in-root.sh'), home, directory]
  const child = spawn('unshare', ['--mount', 'sh', ...inRoot, ...command({})], {
    detached: true,
    stdio: ['ignore', log, log],
  })
  child.unref()
  writeFileSync(
    `${record}.new`,
    `${JSON.stringify({ directory, pid: child.pid, began: beganAt(child.pid) })}\n`,
  )
  renameSync(`${record}.new`, record)
  return directory
}

async function untilAnswers(directory) {
  for (let turn = 0; turn < 120; turn += 1) {
    if (await answers(variablesOf(directory))) return
    await delay(250)
  }
  const log = readFileSync(join(directory, 'dockerd.log'), 'utf8')
  await down()
  throw new Error(`The Docker daemon didn't answer within 30 s. Its log:\n${log}`)
}

/** Ends the daemon of {@link up} and removes its directory. Nothing to end is no error. */
export async function down() {
  const last = running()
  if (!last) return
  const { directory, pid, began } = last
  const ours = () => began !== undefined && beganAt(pid) === began
  for (const [signal, turns] of [
    ['SIGTERM', 60],
    ['SIGKILL', 20],
  ]) {
    if (ours()) process.kill(pid, signal)
    for (let turn = 0; turn < turns && ours(); turn += 1) await delay(250)
  }
  rmSync(directory, { recursive: true, force: true, maxRetries: 10, retryDelay: 200 })
  rmSync(record, { force: true })
}

if (process.argv[1] === import.meta.filename) {
  const command = process.argv[2]
  if (command === 'up')
    for (const [name, value] of Object.entries(await up())) console.log(`export ${name}='${value}'`)
  else if (command === 'down') await down()
  else {
    console.error('usage: eval "$(node scripts/buildkit.mjs up)" … node scripts/buildkit.mjs down')
    process.exit(2)
  }
}
