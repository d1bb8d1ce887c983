import { execFile } from 'node:child_process'
import { mkdtemp, readdir, readFile, rm, stat, symlink, mkdir } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { exitCodeRows } from '../../src/cli/exit-codes.ts'
import { installed, lucree } from './installed.ts'

let cwd: string

beforeAll(async () => {
  cwd = await mkdtemp(join(tmpdir(), 'lucree-cli-'))
  await installed()
}, 60_000)

afterAll(() => rm(cwd, { recursive: true, force: true }))

describe('help and version', () => {
  it('says its version, the platform and the Node that runs it', async () => {
    const { code, stdout, stderr } = await lucree(['--version'], { cwd })
    expect(stdout).toMatch(/^lucree\/\d+\.\d+\.\d+ \S+ node-v\d+/)
    expect([code, stderr]).toEqual([0, ''])
  })

  it.each([[['--help']], [['deploy', '--help']], [['local', 'start', '-h']], [['help', 'local', 'start']]])(
    'ends %j with every exit code and its meaning',
    async (words) => {
      const { code, stdout } = await lucree(words, { cwd })
      const section = stdout.slice(stdout.indexOf('EXIT CODES'))
      for (const [number, meaning] of exitCodeRows()) {
        expect(section.replace(/\s+/g, ' ')).toContain(`${number} ${meaning}`)
      }
      expect(code).toBe(0)
    },
  )

  it('runs through the link that npm makes', async () => {
    const bin = join(cwd, 'node_modules', '.bin')
    await mkdir(bin, { recursive: true })
    await symlink(join(await installed(), 'bin', 'lucree.js'), join(bin, 'lucree'))
    const { stdout } = await promisify(execFile)(join(bin, 'lucree'), ['local', 'status', '--json'], {
      cwd,
      env: { PATH: process.env['PATH'], HOME: cwd },
    })
    expect(JSON.parse(stdout)).toMatchObject({ running: false })
  })
})

describe('a command line that is wrong', () => {
  it.each([
    { words: ['lokal'], code: 'LUC-USAGE-COMMAND', next: 'lucree local' },
    { words: ['deplo', '--help'], code: 'LUC-USAGE-COMMAND', next: 'lucree deploy --help' },
    { words: ['help', 'deplo'], code: 'LUC-USAGE-COMMAND', next: 'lucree deploy --help' },
    { words: ['env', 'st', '-h'], code: 'LUC-USAGE-COMMAND', next: 'lucree env set --help' },
    { words: ['help', 'env', 'st'], code: 'LUC-USAGE-COMMAND', next: 'lucree env set --help' },
    { words: ['zzzzzzzz', '--help'], code: 'LUC-USAGE-COMMAND', next: 'lucree --help' },
    { words: ['local', 'statsu'], code: 'LUC-USAGE-COMMAND', next: 'lucree local status' },
    { words: ['env', 'lsit', '--local'], code: 'LUC-USAGE-COMMAND', next: 'lucree env list' },
    { words: ['local', 'start', '--prot', '1'], code: 'LUC-USAGE', cause: 'did you mean --port?' },
    {
      words: ['deploy', '--timeout', '10'],
      code: 'LUC-USAGE-DURATION',
      next: 'lucree deploy --json --timeout 10m',
    },
    { words: ['local', 'start', '--runtime', 'podman'], code: 'LUC-USAGE' },
    { words: ['local', 'start', '--port', 'x'], code: 'LUC-USAGE' },
    { words: ['local', 'status', 'now'], code: 'LUC-USAGE' },
  ])(
    '$words is told in one document with --json and in sentences without',
    async ({ words, code, next, cause }) => {
      const document = await lucree([...words, '--json'], { cwd })
      expect(JSON.parse(document.stdout).error).toMatchObject({
        code,
        exitCode: 2,
        evidence: [],
        serving: null,
      })
      if (next) expect(JSON.parse(document.stdout).error.next).toContain(next)
      if (cause) expect(JSON.parse(document.stdout).error.cause).toContain(cause)
      expect([document.code, document.stderr]).toEqual([2, ''])

      const sentences = await lucree(words, { cwd })
      expect(sentences.stdout).toBe('')
      expect(sentences.stderr).toMatch(/^Error: .*\[LUC-USAGE.*\]\nNext: /)
      expect(sentences.stderr).not.toMatch(/Command .* not found|env:/)
      expect(sentences.code).toBe(2)
    },
  )

  it('takes the asked form from LUCREE_JSON too', async () => {
    const { stdout } = await lucree(['lokal'], { cwd, env: { LUCREE_JSON: '1' } })
    expect(JSON.parse(stdout).error.exitCode).toBe(2)
  })
})

describe('colour', () => {
  const escape = '\u001b['
  const lokal = (words: string[], env: Record<string, string>) => lucree(['lokal', ...words], { cwd, env })

  it('is not used on a pipe', async () => {
    expect((await lokal([], {})).stderr).not.toContain(escape)
  })

  it('is used on a pipe when FORCE_COLOR asks for it', async () => {
    expect((await lokal([], { FORCE_COLOR: '1' })).stderr).toContain(escape)
  })

  it.each([
    ['--no-color', ['--no-color'], {}],
    ['NO_COLOR', [], { NO_COLOR: '1' }],
    ['LUCREE_NO_COLOR', [], { LUCREE_NO_COLOR: '1' }],
  ])('is refused by %s, whatever asks for it', async (_, words, env) => {
    expect((await lokal(words, { FORCE_COLOR: '1', ...env })).stderr).not.toContain(escape)
  })
})

describe('what nobody foresaw', () => {
  /** A directory in the place of the file that is read makes reading fail in a way that no code expects. */
  const broken = async () => {
    const state = await mkdtemp(join(cwd, 'state-'))
    await mkdir(join(state, 'server.json'))
    return { LUCREE_LOCAL_DIR: state, XDG_STATE_HOME: join(state, 'home') }
  }

  it('is one sentence, with the stack in a file of the user', async () => {
    const env = await broken()
    const { code, stderr, stdout } = await lucree(['local', 'status'], { cwd, env })
    expect(stderr).toMatch(/^Error: lucree has a bug: EISDIR.*\[LUC-BUG\]\nNext: report it with \/.*\n$/)
    expect([code, stdout]).toEqual([1, ''])
    const [report = ''] = await readdir(join(env.XDG_STATE_HOME, 'lucree'))
    const file = join(env.XDG_STATE_HOME, 'lucree', report)
    expect(await readFile(file, 'utf8')).toMatch(/EISDIR[\s\S]*\n\s+at /)
    expect((await stat(file)).mode & 0o777).toBe(0o600)
  })

  it('shows the stack with LUCREE_DEBUG', async () => {
    const env = { ...(await broken()), LUCREE_DEBUG: '1' }
    const { stderr } = await lucree(['local', 'status'], { cwd, env })
    expect(stderr).toMatch(/\n {2}\| .*EISDIR/)
  })
})

describe('an output that takes nothing', () => {
  it('is a failure: a result that nobody got is no success', async () => {
    const words = [
      '-c',
      '"$0" "$1" local status >/dev/full',
      process.execPath,
      join(await installed(), 'bin/lucree.js'),
    ]
    const failure = promisify(execFile)('sh', words, { cwd, env: { PATH: process.env['PATH'], HOME: cwd } })
    await expect(failure).rejects.toMatchObject({
      code: 5,
      stderr: expect.stringContaining('LUC-MACHINE-OUTPUT'),
    })
  })
})

describe('a reader that goes away', () => {
  it('ends the command without a word', async () => {
    const { stdout, stderr } = await promisify(execFile)(
      'sh',
      [
        '-c',
        '"$0" "$1" --help | true; "$0" "$1" local status --json | true; echo done',
        process.execPath,
        join(await installed(), 'bin/lucree.js'),
      ],
      { cwd, env: { PATH: process.env['PATH'], HOME: cwd } },
    )
    expect([stdout, stderr]).toEqual(['done\n', ''])
  })
})
