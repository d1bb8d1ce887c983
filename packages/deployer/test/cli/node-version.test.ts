import { execFile } from 'node:child_process'
import { cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { afterAll, beforeAll, expect, it } from 'vitest'

const program = fileURLToPath(new URL('../../bin/lucree.js', import.meta.url))
let dir: string

beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), 'lucree-node-'))
  await writeFile(join(dir, 'package.json'), '{"type":"module"}')
  await cp(program, join(dir, 'bin', 'lucree.js'))
})

afterAll(() => rm(dir, { recursive: true, force: true }))

/** Runs the program on a Node that says it has another version. */
async function on(version: string) {
  const pretend = `data:text/javascript,Object.defineProperty(process.versions,'node',{value:'${version}'})`
  const run = promisify(execFile)(process.execPath, ['--import', pretend, join(dir, 'bin', 'lucree.js')])
  return run.catch((error: { code: number; stderr: string; stdout: string }) => error)
}

it.each(['18.20.8', '20.18.3', '9.0.0', '20.5.1'])(
  'refuses Node %s in one sentence that names both',
  async (version) => {
    const sentence = `lucree needs Node 20.19.0 or newer; this is Node ${version}.\n`
    expect(await on(version)).toMatchObject({ code: 2, stderr: sentence, stdout: '' })
  },
)

it.each(['20.19.0', '22.0.0', '100.1.0'])('goes on with Node %s', async (version) => {
  expect(await on(version)).toMatchObject({ code: 1, stderr: expect.stringContaining('npm run build') })
})

it('is written in a syntax that Node 8 can read, but for the import that a newer one does', async () => {
  const text = (await readFile(program, 'utf8'))
    .replace(/\bimport\(/, 'load(')
    .replace(/\/\*[\s\S]*?\*\/|\/\/.*|'[^']*'/g, '')
  expect(text).not.toMatch(/=>|`|\?\.|\?\?|\b(const|let|class|async|await|import|export)\b/)
})
