import { readFile, realpath, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { systemClock } from '../../../src/clock.ts'
import { ProcessRuntime } from '../../../src/runtime/process.ts'
import type { StartOptions } from '../../../src/runtime/runtime.ts'
import { eventually, filesIn, scratch } from '../fixture.ts'

const signal = new AbortController().signal

const SCRIPTS = {
  'no-x.sh': '#!/bin/sh\necho hi\n',
  'crlf.sh': '#!/bin/sh\r\necho hi\r\n',
  'env-crlf.sh': '#!/usr/bin/env sh\r\necho hi\r\n',
  'no-shebang.sh': 'echo hi\n',
  'other.sh': '#!/nope/sh\necho hi\n',
  'empty.sh': '',
  'interpreter.sh': '#!/app/no-x.sh\n',
  'ok.sh': '#!/bin/sh -e\necho "hi $1"; exit 3\n',
  'node.js': '#!/usr/local/bin/node\nconsole.log(process.argv.slice(2).join())\n',
  'own.sh': '#!/app/ok.sh\n',
}

/** Builds an image with the scripts, starts it and waits for its end. */
async function ran(last: string, options: Partial<StartOptions> = {}, before = '') {
  const dir = await scratch()
  const runtime = new ProcessRuntime({ dir, clock: systemClock })
  onTestFinished(() => runtime.sweep([]))
  const Dockerfile = `FROM node\nWORKDIR /app\nCOPY --chmod=755 . .\nRUN chmod 644 no-x.sh\n${before}\n${last}\n`
  const sourceDir = await filesIn({ Dockerfile, ...SCRIPTS })
  const image = await runtime.build({ sourceDir, name: 'app', log: () => undefined, signal })
  const outputFile = join(dir, 'out.log')
  const container = await runtime.start({
    image,
    name: 'c',
    env: {},
    port: 8080,
    outputFile,
    signal,
    ...options,
  })
  const state = await eventually(async () => {
    const found = await runtime.inspect(container)
    return found.running ? undefined : found
  })
  const root = join(image.ref, 'root')
  return { exitCode: state.exitCode, output: (await readFile(outputFile, 'utf8')).replaceAll(root, ''), root }
}

const RUNC =
  'failed to create task for container: failed to create shim task: OCI runtime create failed: runc create failed: unable to start container process: '

// Docker 26.1.5 with runc 1.1: `docker run --entrypoint …` of an image with the same files.
test.each([
  ['/app/no-x.sh', 'exec: "/app/no-x.sh": permission denied: unknown'],
  ['./no-x.sh', 'exec: "./no-x.sh": permission denied: unknown'],
  ['no-x.sh', 'exec: "no-x.sh": executable file not found in $PATH: unknown'],
  ['/app', 'exec: "/app": is a directory: unknown'],
  ['/app/missing.sh', 'exec: "/app/missing.sh": stat /app/missing.sh: no such file or directory: unknown'],
  [
    '/bin/lucree-missing',
    'exec: "/bin/lucree-missing": stat /bin/lucree-missing: no such file or directory: unknown',
  ],
  ['missing', 'exec: "missing": executable file not found in $PATH: unknown'],
])('the entry point %s keeps the container from being created: %s', async (entrypoint, words) => {
  await expect(ran(`ENTRYPOINT ["${entrypoint}"]`)).rejects.toThrow(new Error(RUNC + words))
})

test.each([
  ['/app/crlf.sh', 1, 'exec /app/crlf.sh: no such file or directory\n'],
  ['./crlf.sh', 1, 'exec ./crlf.sh: no such file or directory\n'],
  ['/app/no-shebang.sh', 1, 'exec /app/no-shebang.sh: exec format error\n'],
  ['/app/other.sh', 1, 'exec /app/other.sh: no such file or directory\n'],
  ['/app/empty.sh', 1, 'exec /app/empty.sh: exec format error\n'],
  ['/app/interpreter.sh', 1, 'exec /app/interpreter.sh: permission denied\n'],
  ['/app/ok.sh', 3, 'hi a\n'],
  ['/app/node.js', 0, 'a\n'],
  ['/app/own.sh', 3, 'hi /app/own.sh\n'],
])('the entry point %s ends with exit code %i and says %j', async (entrypoint, exitCode, output) => {
  expect(await ran(`ENTRYPOINT ["${entrypoint}", "a"]`)).toMatchObject({ exitCode, output })
})

// The public image's docker-entrypoint.sh, run by dash 0.5.12.
test.each([
  ['/app/crlf.sh', 127, '/usr/local/bin/docker-entrypoint.sh: 11: exec: /app/crlf.sh: not found\n'],
  ['/app/other.sh', 127, '/usr/local/bin/docker-entrypoint.sh: 11: exec: /app/other.sh: not found\n'],
  ['/app', 126, '/usr/local/bin/docker-entrypoint.sh: 11: exec: /app: Permission denied\n'],
  ['/app/no-shebang.sh', 0, 'hi\n'],
  ['/app/ok.sh', 3, 'hi a\n'],
])(
  'the command %s of Node’s entry point ends with exit code %i and says %j',
  async (command, exitCode, output) => {
    expect(await ran(`CMD ["${command}", "a"]`)).toMatchObject({ exitCode, output })
  },
)

test('a script of env with CRLF is told by env itself', async () => {
  const { exitCode, output } = await ran('ENTRYPOINT ["/app/env-crlf.sh"]')
  expect(exitCode).toBe(127)
  expect(output).toMatch(/env: .*sh\\?r?.*No such file or directory/)
})

test('a command without its x bit is for node, as Node’s entry point has it', async () => {
  const { output } = await ran('CMD ["/app/no-x.sh"]')
  expect(output).toContain('SyntaxError')
})

test('through Node’s entry point PWD is told, and names that are no identifiers are lost, as with its shell', async () => {
  const env = { 'a.b': '1', PWD: '/elsewhere', C: '2' }
  const { output } = await ran(`CMD ["node", "-p", "JSON.stringify(process.env)"]`, { env })
  expect(JSON.parse(output)).toMatchObject({ PWD: '/app', C: '2' })
  expect(output).not.toContain('a.b')
})

test('an own entry point gets every variable as it is, and no PWD', async () => {
  const env = { 'a.b': '1' }
  const { output } = await ran(`ENTRYPOINT ["node", "-p", "JSON.stringify(process.env)"]`, { env })
  expect(JSON.parse(output)).toMatchObject({ 'a.b': '1' })
  expect(output).not.toContain('PWD')
})

test.each([
  ['', '/root'],
  ['root:root', '/root'],
  ['node', '/home/node'],
  ['1000:1000', '/home/node'],
  ['1234', '/'],
])('with USER %j HOME is %j, in steps and in the container', async (user, home) => {
  const before = `${user === '' ? '' : `USER ${user}\n`}RUN node -p process.env.HOME > home.txt`
  const { output, root } = await ran(`CMD ["node", "-p", "process.env.HOME"]`, {}, before)
  expect(output).toBe(`${home}\n`)
  expect((await readFile(join(root, 'app/home.txt'), 'utf8')).trim()).toMatch(new RegExp(`/root${home}$`))
})

test('links that steps wrote lead somewhere when the application runs, wherever the image has been moved', async () => {
  const before = [
    'RUN mkdir -p /data/real /opt/pkg && echo "there" > /data/real/file && ln -s /data/real /app/link',
    "RUN node -e \"fs.symlinkSync(process.cwd() + path.sep + 'link', 'own')\"",
  ].join('\n')
  const { output, root } = await ran(`CMD ["cat", "link/file", "own/file"]`, {}, before)
  expect(output).toBe('there\nthere\n')
  expect(await realpath(join(root, 'app/own'))).toBe(join(root, 'data/real'))
})

test('a working directory behind a link that leads out is made in the image', async () => {
  const outside = join(await scratch(), 'outside')
  const hidden = `$(printf '${outside.replaceAll('/', '\\057')}')`
  const { output, root } = await ran('CMD ["pwd"]', {}, `RUN ln -s "${hidden}" /leak\nWORKDIR /leak/below`)
  expect(output).toBe(`${outside}/below\n`)
  expect((await stat(join(root, outside, 'below'))).isDirectory()).toBe(true)
  await expect(stat(outside)).rejects.toThrow('ENOENT')
})

test('a volume below a link is mounted in the image, and the working directory may lie in it', async () => {
  const hostDirectory = join(await scratch(), 'volume')
  const volumes = [{ hostDirectory, containerDirectory: '/link/data' }]
  const { output } = await ran(
    'CMD ["pwd"]',
    { volumes },
    'RUN mkdir /real && ln -s /real /link\nWORKDIR /link/data/sub',
  )
  expect(output).toBe(`${hostDirectory}/sub\n`)
})
