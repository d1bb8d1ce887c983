import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { build } from 'esbuild'
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest'

let dir: string
const interrupts = fileURLToPath(new URL('../../src/cli/interrupts.ts', import.meta.url))

beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), 'lucree-interrupts-'))
  // A program that hears of an interruption and goes on all the same.
  const contents = `
    import { Interrupts } from ${JSON.stringify(interrupts)}
    const heard = []
    const { signal } = new Interrupts(() => heard.push('stopping'), () => console.log('leaving'))
    signal.addEventListener('abort', () => console.log(...heard, signal.reason.code, signal.reason.exitCode))
    setTimeout(() => process.exit(0), 20_000)
    console.log('ready')`
  const stdin = { contents, resolveDir: dir, loader: 'ts' as const }
  await build({ stdin, outfile: join(dir, 'program.mjs'), bundle: true, format: 'esm', platform: 'node' })
})

afterAll(() => rm(dir, { recursive: true, force: true }))

/** The next whole thing that the program says. */
async function said(child: ChildProcess): Promise<string> {
  const [chunk] = (await once(child.stdout as NodeJS.ReadableStream, 'data')) as [Buffer]
  return chunk.toString()
}

describe.each(['SIGINT', 'SIGTERM'] as const)('%s', (name) => {
  it('asks the command to stop, and the second time ends the process at once, after a last word', async () => {
    const child = spawn(process.execPath, [join(dir, 'program.mjs')], {
      stdio: ['ignore', 'pipe', 'inherit'],
    })
    onTestFinished(() => void child.kill('SIGKILL'))
    const ended = once(child, 'exit')
    expect(await said(child)).toBe('ready\n')
    child.kill(name)
    expect(await said(child)).toBe('stopping LUC-INTERRUPTED 130\n')
    const lastWord = said(child)
    child.kill(name)
    expect(await lastWord).toBe('leaving\n')
    expect(await ended).toEqual([null, name])
  })
})
