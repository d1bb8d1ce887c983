import { execFile } from 'node:child_process'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { build } from 'esbuild'
import { expect, test } from 'vitest'
import { sourceTree } from './source-tree.ts'

const run = promisify(execFile)
const module = JSON.stringify(join(import.meta.dirname, '../../src/bundle/output-file.ts'))

/** Ends with 3 when it is warned of the file that it is given. */
const PROGRAM = `
import { statSync } from 'node:fs'
import { warnOfOutput } from ${module}
const file = process.argv[2]
const found = { path: 'deploy.log', file, kind: 'file', stamp: { inode: statSync(file).ino } }
warnOfOutput([found], (sentence) => (process.exitCode = sentence.startsWith('deploy.log ships') ? 3 : 4))
`

test.each([
  ['> deploy.log', 3],
  ['2>> deploy.log', 3],
  ['> other.log', 0],
  ['| cat', 0],
])('a file that ships is warned of where %s sends the output, whatever is written', async (way, code) => {
  const cwd = await sourceTree({ 'deploy.log': '' })
  await build({
    stdin: { contents: PROGRAM, resolveDir: import.meta.dirname },
    ...{ bundle: true, platform: 'node', format: 'esm', outfile: join(cwd, 'run.mjs') },
  })
  const command = `{ "$0" run.mjs deploy.log; echo $? > code; } ${way}; exit $(cat code)`
  const ended = run('sh', ['-c', command, process.execPath], { cwd }).then(
    () => 0,
    (error: { code: number }) => error.code,
  )
  expect(await ended).toBe(code)
})
