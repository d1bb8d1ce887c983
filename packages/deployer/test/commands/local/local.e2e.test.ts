import { execFile } from 'node:child_process'
import { existsSync } from 'node:fs'
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { afterEach, beforeAll, beforeEach, describe, expect, it, onTestFinished } from 'vitest'
import { installed, lucree as run } from '../../cli/installed.ts'

const emulator = fileURLToPath(new URL('../../../../emulator', import.meta.url))

let dir: string
let state: string

beforeAll(async () => {
  await installed()
  if (!existsSync(join(emulator, 'dist/main.js')))
    await promisify(execFile)(process.execPath, [join(emulator, 'build.mjs')])
})

beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), 'lucree-local-'))
  state = join(dir, 'state')
})

afterEach(async () => {
  await lucree(['local', 'reset', '--yes'])
  await rm(dir, { recursive: true, force: true })
})

/** Runs a command on the embedded Beanstalk of this test, on processes of this machine. */
function lucree(words: string[], env: Record<string, string> = {}, cwd = dir) {
  return run(words, { cwd, env: { LUCREE_LOCAL_DIR: state, ...env } })
}

/** The one document that a command with --json writes. */
async function told(words: string[], env: Record<string, string> = {}) {
  const { stdout, code } = await lucree([...words, '--json'], env)
  return {
    code,
    document: JSON.parse(stdout) as Record<string, unknown> & { error: Record<string, unknown> },
  }
}

const start = (...more: string[]) => told(['local', 'start', '--runtime', 'process', ...more])

function isAlive(pid: unknown): boolean {
  try {
    return process.kill(pid as number, 0)
  } catch {
    return false
  }
}

/** Waits until a process is gone; one without a parent that asks for it stays in the table for some seconds. */
async function ended(pid: unknown): Promise<void> {
  await expect.poll(() => isAlive(pid), { timeout: 15_000 }).toBe(false)
}

/** A port of this machine that is taken until the test ends. */
async function takenPort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1')
  await new Promise((resolve) => server.once('listening', resolve))
  onTestFinished(() => void server.close())
  return (server.address() as { port: number }).port
}

/** A port of this machine that nobody has. */
async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1')
  await new Promise((resolve) => server.once('listening', resolve))
  const { port } = server.address() as { port: number }
  await new Promise((resolve) => server.close(resolve))
  return port
}

describe('the server', () => {
  it('is started once, found again, and stopped', async () => {
    const first = await start()
    expect(first).toMatchObject({
      code: 0,
      document: { running: true, started: true, directory: state, runtime: 'process' },
    })
    const second = await start()
    expect(second.document).toEqual({ ...first.document, started: false })
    expect((await told(['local', 'status'])).document).toMatchObject({
      running: true,
      url: first.document['url'],
    })

    expect(await told(['local', 'stop'])).toMatchObject({ code: 0, document: { stopped: true } })
    await ended(first.document['pid'])
    expect(await told(['local', 'stop'])).toMatchObject({ code: 0, document: { stopped: false } })
    expect((await told(['local', 'status'])).document).toEqual({ running: false, directory: state })
  })

  it('is one, however many start it at the same time', async () => {
    const all = await Promise.all([start(), start(), start()])
    expect(all.map(({ code }) => code)).toEqual([0, 0, 0])
    expect(new Set(all.map(({ document }) => document['pid'])).size).toBe(1)
    expect(all.filter(({ document }) => document['started'])).toHaveLength(1)
  })

  it('is not taken for one with another runtime', async () => {
    await start()
    const { code, document } = await told(['status', '--local'], { LUCREE_RUNTIME: 'docker' })
    expect(code).toBe(2)
    expect(document.error).toMatchObject({
      code: 'LUC-LOCAL-RUNTIME',
      next: [expect.stringContaining('lucree local start --runtime docker'), expect.any(String)],
    })
  })

  it('starts again after a kill -9, at the same address', async () => {
    // Its own port: the usual one is asked for by every server that starts beside this test.
    const { document } = await start('--port', String(await freePort()))
    process.kill(document['pid'] as number, 'SIGKILL')
    await ended(document['pid'])
    expect((await told(['local', 'status'])).document).toMatchObject({ running: false })
    expect((await start()).document).toMatchObject({ started: true, url: document['url'] })
  })

  it(
    'keeps nothing of an environment that holds secrets',
    { skip: process.platform !== 'linux' },
    async () => {
      const { document } = await told(['local', 'start', '--runtime', 'process'], {
        LUCREE_PASSWD: 'hunter22hunter22',
      })
      const environment = await readFile(`/proc/${String(document['pid'])}/environ`, 'utf8')
      expect(environment).toContain('PATH=')
      expect(environment).not.toContain('hunter22')
    },
  )
})

describe('a server that can not start is told by cause and way out, with code 5', () => {
  it('when the port is in use', async () => {
    const port = await takenPort()
    const { code, document } = await start('--port', String(port))
    expect(code).toBe(5)
    expect(document.error).toMatchObject({
      code: 'LUC-LOCAL-PORT-IN-USE',
      cause: expect.stringContaining(String(port)),
      next: [expect.stringContaining('lucree local start')],
    })
    expect((await told(['local', 'status'])).document).toMatchObject({ running: false })
  })

  it('when its directory can not be made', async () => {
    const { code, document } = await told(['local', 'start'], { LUCREE_LOCAL_DIR: '/sys/lucree/state' })
    expect([code, document.error['code']]).toEqual([5, 'LUC-LOCAL-STATE'])
  })

  it('when what it kept is damaged', async () => {
    await start()
    await lucree(['local', 'stop'])
    await writeFile(join(state, 'account.json'), '{')
    const { code, document } = await start()
    expect([code, document.error['code']]).toEqual([5, 'LUC-LOCAL-STATE-UNREADABLE'])
    expect(document.error['next']).toEqual([expect.stringContaining('lucree local reset')])
  })

  it('and a directory of somebody else is left alone, with code 2', async () => {
    await mkdir(state)
    await writeFile(join(state, 'thesis.tex'), 'years of work')
    expect(await start()).toMatchObject({ code: 2, document: { error: { code: 'LUC-LOCAL-DIRECTORY' } } })
    expect((await told(['local', 'reset', '--yes'])).document).toMatchObject({ removed: false })
    expect(await readFile(join(state, 'thesis.tex'), 'utf8')).toBe('years of work')
  })
})

it('never ends a process that only has the number of a server that died', async () => {
  await mkdir(state)
  const port = await takenPort()
  const record = {
    pid: process.pid,
    url: `http://127.0.0.1:${port}`,
    startedAt: '',
    runtime: 'process',
    version: '0',
  }
  await writeFile(join(state, 'server.json'), JSON.stringify(record))
  expect((await told(['local', 'stop'])).document).toMatchObject({ stopped: false })
})

describe('local env', () => {
  it('starts the server and gives a shell what AWS tools need, on standard output alone', async () => {
    const { stdout, stderr, code } = await lucree(['local', 'env'], {
      AWS_ENDPOINT_URL_S3: 'http://elsewhere',
    })
    expect([code, stderr]).toEqual([0, ''])
    const script = `eval "$1"; printf '%s|' "$AWS_ENDPOINT_URL" "$AWS_REGION" "$AWS_DEFAULT_REGION" "$AWS_ACCESS_KEY_ID" "$AWS_SECRET_ACCESS_KEY" "$AWS_PROFILE$AWS_ENDPOINT_URL_S3"`
    const env = { AWS_PROFILE: 'work', AWS_ENDPOINT_URL_S3: 'http://elsewhere' }
    const shell = await promisify(execFile)('sh', ['-c', script, 'sh', stdout], { env })
    const account = JSON.parse(await readFile(join(state, 'account.json'), 'utf8')) as Record<string, string>
    const { url } = (await told(['local', 'status'])).document
    expect(shell.stdout).toBe(
      `${String(url)}|us-east-1|us-east-1|${account['accessKeyId']}|${account['secretAccessKey']}||`,
    )
    const { document } = await told(['local', 'env'])
    expect(document['AWS_SECRET_ACCESS_KEY']).toBe(account['secretAccessKey'])
  })
})

describe('local reset', () => {
  it('asks first, and without a terminal names the flag that answers', async () => {
    await start()
    const { code, document } = await told(['local', 'reset'])
    expect([code, document.error['next']]).toEqual([2, ['lucree local reset --json --yes']])
    expect((await told(['local', 'status'])).document).toMatchObject({ running: true })
  })

  it('removes the state and ends what was deployed', async () => {
    await start()
    const app = join(dir, 'app')
    await mkdir(app)
    await writeFile(
      join(app, 'Dockerfile'),
      'FROM node:20\nCOPY server.js .\nEXPOSE 8080\nCMD ["node", "server.js"]\n',
    )
    await writeFile(
      join(app, 'server.js'),
      'require("http").createServer((_, answer) => answer.end(String(process.pid))).listen(8080)\n',
    )
    const deployed = await lucree(['deploy', '--local', '--json'], {}, app)
    expect(deployed.code, deployed.stdout + deployed.stderr).toBe(0)
    const { url } = JSON.parse(deployed.stdout) as { url: string }
    const pid = Number(await (await fetch(url)).text())
    expect(isAlive(pid)).toBe(true)

    expect(await told(['local', 'reset', '--yes'])).toMatchObject({ code: 0, document: { removed: true } })
    await ended(pid)
    expect(existsSync(state)).toBe(false)
    expect(await told(['local', 'reset', '--yes'])).toMatchObject({ code: 0, document: { removed: false } })
  })
})
