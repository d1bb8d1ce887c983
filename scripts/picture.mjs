#!/usr/bin/env node
// Records what the README shows, `lucree deploy` to a new embedded Beanstalk, and draws it: docs/deploy.cast, docs/deploy.svg.
import { execFile } from 'node:child_process'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { draw } from './picture/drawing.mjs'
import { record, toCast } from './picture/recording.mjs'
import { root } from './run.mjs'

const COMMAND = 'lucree deploy --local --generate LUCREE_PASSWD'
const docs = process.argv[2] ?? join(root, 'docs')

const home = await mkdtemp(join(tmpdir(), 'lucree-picture-home-'))
const bin = join(home, 'lucree')
const env = {
  PATH: `${home}:${process.env.PATH}`,
  HOME: home,
  LUCREE_LOCAL_DIR: join(home, 'state'),
  LUCREE_RUNTIME: 'process',
  LANG: 'C.UTF-8',
  npm_config_update_notifier: 'false',
}
try {
  const program = join(root, 'packages/deployer/bin/lucree.js')
  await writeFile(bin, `#!/bin/sh\nexec '${process.execPath}' '${program}' "$@"\n`, { mode: 0o755 })
  await promisify(execFile)(bin, ['local', 'start'], { env, cwd: root })
  const recording = await record(COMMAND, { cwd: root, env })
  await writeFile(join(docs, 'deploy.cast'), toCast(recording))
  await writeFile(join(docs, 'deploy.svg'), await draw(recording))
} finally {
  await promisify(execFile)(bin, ['local', 'reset', '--yes'], { env, cwd: root })
  await rm(home, { recursive: true, force: true })
}
