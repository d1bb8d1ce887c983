import { execFile } from 'node:child_process'
import { cp, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { expect, onTestFinished, test } from 'vitest'

const bin = fileURLToPath(new URL('../../bin', import.meta.url))

/** Runs the start script in front of a program of which this is `main`. */
async function started(main: string): Promise<{ code: unknown; stderr: string }> {
  const dir = await mkdtemp(join(tmpdir(), 'lucree-silent-'))
  onTestFinished(() => rm(dir, { recursive: true, force: true }))
  await cp(bin, join(dir, 'bin'), { recursive: true })
  await mkdir(join(dir, 'dist'))
  await writeFile(join(dir, 'package.json'), '{"type":"module"}')
  await writeFile(join(dir, 'dist/main.js'), `export const main = ${main}`)
  return new Promise((resolve) => {
    execFile(process.execPath, [join(dir, 'bin/lucree.js')], (error, _stdout, stderr) =>
      resolve({ code: error?.code ?? 0, stderr }),
    )
  })
}

test('a command that stops without having ended is a failure, and says so', async () => {
  expect(await started('() => new Promise(() => {})')).toEqual({
    code: 1,
    stderr: 'Error: lucree has a bug: it stopped before its work was done. [LUC-BUG]\n',
  })
})

test.each([0, 130])(
  'a command that ended with %i keeps its exit code and gets no last word',
  async (code) => {
    expect(await started(`async () => ${code}`)).toEqual({ code, stderr: '' })
  },
)
