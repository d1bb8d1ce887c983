import { spawn, spawnSync } from 'node:child_process'
import { resolve } from 'node:path'
import { expect, test } from 'vitest'
import { run } from '../../scripts/run.mjs'

const node = process.execPath
const root = resolve(import.meta.dirname, '../..')

/** A zombie that nobody asks for has ended all the same. */
const isAlive = (pid: number) =>
  /^[^Z]/.test(spawnSync('ps', ['-o', 'stat=', '-p', String(pid)], { encoding: 'utf8' }).stdout.trim())

test('a command answers its exit code and all that it wrote', async () => {
  const script = "console.log('out'); console.error('err'); process.exitCode = 3"
  const { code, output } = await run(node, ['-e', script], { deadlineMs: 20_000 })
  expect([code, output.split('\n').sort()]).toEqual([3, ['', 'err', 'out']])
})

test('a command that is not there answers 127 and says so', async () => {
  expect(await run('lucree-no-such-command', [], { deadlineMs: 1_000 })).toEqual({
    code: 127,
    output: expect.stringMatching(/lucree-no-such-command/),
  })
})

test('a command that goes on for ever is ended at its deadline, with what it said until then', async () => {
  const script = "console.log('still here'); setInterval(() => undefined, 1000)"
  const { code, output } = await run(node, ['-e', script], { deadlineMs: 1_000 })
  expect(code).toBeNull()
  expect(output).toMatch(/^still here\n[^]*Ended after 1 s, its limit/)
})

test('what a command leaves running in its group ends with it', async () => {
  const script = `
    const child = require('node:child_process').spawn(process.execPath, ['-e', 'setInterval(() => undefined, 1000)'])
    console.log(child.pid)
    process.exit(0)`
  const { code, output } = await run(node, ['-e', script], { deadlineMs: 20_000 })
  expect(code).toBe(0)
  await expect.poll(() => isAlive(Number(output))).toBe(false)
})

test.each(['SIGINT', 'SIGTERM'] as const)(
  '%s to a script goes on to the command that it runs',
  async (signal) => {
    const inner = `process.on('${signal}', () => process.exit()); console.error(process.pid); setInterval(() => undefined, 1000)`
    const outer = `
    import { run } from ${JSON.stringify(resolve(root, 'scripts/run.mjs'))}
    await run(process.execPath, ['-e', ${JSON.stringify(inner)}], { deadlineMs: 20_000, live: true })`
    const child = spawn(node, ['--input-type=module', '-e', outer], { stdio: ['ignore', 'ignore', 'pipe'] })
    const ended = new Promise<number | null>((done) => child.once('exit', done))
    const pid = await new Promise<number>((done) =>
      child.stderr.once('data', (line: Buffer) => done(Number(line))),
    )
    child.kill(signal)
    expect(await ended).toBe(signal === 'SIGINT' ? 130 : 143)
    expect(isAlive(pid)).toBe(false)
  },
)
