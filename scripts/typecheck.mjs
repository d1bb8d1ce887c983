#!/usr/bin/env node
import './node-version.mjs'
import { mkdirSync } from 'node:fs'
import { availableParallelism } from 'node:os'
import { join } from 'node:path'
import { root, run } from './run.mjs'

/** Every TypeScript project of the repository; what tsc learnt of each is kept, so that a second run looks at what changed. */
const projects = [
  'packages/deployer',
  'packages/emulator',
  'packages/docker-context',
  'packages/api',
  'e2e',
  '.',
]
const kept = join(root, '.cache', 'tsc')
const tsc = join(root, 'node_modules', 'typescript', 'bin', 'tsc')

async function check(project) {
  const file = join(kept, `${project.replaceAll(/\W/g, '-')}.tsbuildinfo`)
  const args = [tsc, '--project', project, '--incremental', '--tsBuildInfoFile', file]
  const { code, output } = await run(process.execPath, args, { deadlineMs: 300_000 })
  process.stdout.write(output)
  return code === 0
}

/** Takes the next project as long as there is one. */
async function work(waiting) {
  let well = true
  for (let project = waiting.shift(); project !== undefined; project = waiting.shift())
    well = (await check(project)) && well
  return well
}

mkdirSync(kept, { recursive: true })
const waiting = [...projects]
const results = await Promise.all(Array.from({ length: availableParallelism() }, () => work(waiting)))
process.exit(results.every(Boolean) ? 0 : 1)
