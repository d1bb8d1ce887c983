#!/usr/bin/env node
import './node-version.mjs'
import { spawn } from 'node:child_process'
import { constants } from 'node:os'
import { join } from 'node:path'
import { root, run } from './run.mjs'
import { setUp } from './setup.mjs'

const lucree = join(root, 'packages/deployer/bin/lucree.js')

/** Runs lucree on the user's terminal: its prompts, its display and Ctrl-C are its own. Answers its exit code. */
function deploy() {
  const args = [lucree, 'deploy', '--local', '--generate', 'LUCREE_PASSWD', '--yes']
  const child = spawn(process.execPath, args, { cwd: root, stdio: 'inherit' })
  // The terminal sends SIGINT to lucree as well; what is sent to this process alone has to be passed on.
  process.on('SIGINT', () => undefined)
  for (const signal of ['SIGTERM', 'SIGHUP']) process.on(signal, () => child.kill(signal))
  return new Promise((done, failed) => {
    child.once('error', failed)
    child.once('exit', (code, signal) => done(code ?? 128 + constants.signals[signal]))
  })
}

async function url() {
  const { code, output } = await run(process.execPath, [lucree, 'status', '--local', '--json'], {
    deadlineMs: 60_000,
  })
  if (code !== 0) throw new Error(`lucree status --local --json ended with ${code}:\n${output}`)
  return JSON.parse(output).url
}

await setUp()
const code = await deploy()
if (code !== 0) process.exit(code)
console.log(`
Call it:
  curl -H "Authorization: Token $(npx lucree env get LUCREE_PASSWD --local --reveal)" ${await url()}

Change its token:
  npx lucree env set LUCREE_PASSWD --local
`)
process.exit(0)
