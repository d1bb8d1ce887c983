#!/usr/bin/env node
import './node-version.mjs'
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { get } from 'node:http'
import { join } from 'node:path'
import { baseImageFile } from './base-image.mjs'
import { daemonDirectory, endDaemon, running, startDaemon, untilAnswers } from './daemon.mjs'
import { debianRoot, makeDebianRoot } from './debian-root.mjs'
import { aptInstall } from './debian.mjs'
import { engines } from './engines.mjs'
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
  const before = running(record)
  if (before && (await answers(variablesOf(before.directory)))) return variablesOf(before.directory)
  if (before) await endDaemon(record)
  await aptInstall([['mmdebstrap', 'mmdebstrap']])
  mkdirSync(cache, { recursive: true })
  await makeDebianRoot(recipe)
  writeFileSync(join(cache, 'base'), await baseImageFile())
  const directory = daemonDirectory()
  startDaemon(record, { home, directory, command: command({}) })
  const variables = variablesOf(directory)
  try {
    await untilAnswers(record, () => answers(variables))
  } catch (error) {
    await endDaemon(record)
    throw error
  }
  return variables
}

/** Ends the daemon of {@link up} and removes its directory. Nothing to end is no error. */
export async function down() {
  if (running(record)) await endDaemon(record)
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
