import { mkdir, readFile, readlink, readdir, stat, symlink, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { pack } from 'tar-fs'
import { buffer } from 'node:stream/consumers'
import { expect, test } from 'vitest'
import { systemClock } from '../../../src/clock.ts'
import { ProcessRuntime } from '../../../src/runtime/process.ts'
import { readImageConfig } from '../../../src/runtime/process/image.ts'
import { filesIn, scratch } from '../fixture.ts'

const signal = new AbortController().signal

async function build(sourceDir: string, dir?: string) {
  const runtime = new ProcessRuntime({ dir: dir ?? (await scratch()), clock: systemClock })
  const lines: string[] = []
  const image = await runtime.build({ sourceDir, name: 'app', log: (line) => lines.push(line), signal })
  const root = join(image.ref, 'root')
  const read = (path: string) => readFile(join(root, path), 'utf8')
  return { image, lines, root, read, config: await readImageConfig(image.ref) }
}

const buildOf = async (files: Record<string, string>) => build(await filesIn(files))

test('ARG and ENV reach the instructions and the steps as in an engine', async () => {
  const { config, read } = await buildOf({
    Dockerfile: `ARG BASE=node
ARG PORT=3000
FROM \${BASE}:24
ARG PORT
ARG MODE=slow
ENV APP_PORT=\${PORT} MODE=fast NAME="two words" HOME_PAGE=a\\ b
ENV LEGACY all of this $MODE
RUN echo "$PORT $MODE $NAME" > out
EXPOSE $APP_PORT 4000-4001/tcp 53/udp
`,
  })
  expect(config.env).toMatchObject({
    APP_PORT: '3000',
    MODE: 'fast',
    NAME: 'two words',
    HOME_PAGE: 'a b',
    LEGACY: 'all of this fast',
  })
  expect(config.env).not.toHaveProperty('PORT')
  expect(await read('out')).toBe('3000 fast two words\n')
  expect(config.ports).toEqual(['3000/tcp', '4000/tcp', '4001/tcp', '53/udp'])
})

test('within one ENV each value is that of before', async () => {
  const { config } = await buildOf({ Dockerfile: 'FROM node\nENV A=1\nENV A=2 B=$A\n' })
  expect(config.env).toMatchObject({ A: '2', B: '1' })
})

test('COPY follows .dockerignore with its negations, and ADD unpacks an archive', async () => {
  const archived = await filesIn({ 'inside/file.txt': 'from the archive' })
  const source = await filesIn({
    Dockerfile: 'FROM node\nWORKDIR /app\nCOPY . .\nADD files.tgz /opt/\n',
    '.dockerignore': '**/*.md\n!docs/keep.md\nsecret\n!secret/public.txt\nDockerfile\n',
    'a.js': '1',
    'docs/keep.md': '2',
    'docs/drop.md': '3',
    'secret/key': '4',
    'secret/public.txt': '5',
  })
  await writeFile(join(source, 'files.tgz'), gzipSync(await buffer(pack(archived))))
  await mkdir(join(source, 'empty'))
  const { root, read } = await build(source)
  const found = (await readdir(join(root, 'app'), { recursive: true })).sort()
  expect(found).toEqual([
    '.dockerignore',
    'a.js',
    'docs',
    'docs/keep.md',
    'empty',
    'files.tgz',
    'secret',
    'secret/public.txt',
  ])
  expect(await read('opt/inside/file.txt')).toBe('from the archive')
})

test('COPY knows patterns, several sources, new names, directories and modes', async () => {
  const { read, root } = await buildOf({
    Dockerfile: `FROM node
WORKDIR /app
COPY package*.json [ab].txt ./
COPY a.txt renamed/file.txt
COPY --chmod=755 a.txt bin/
COPY ["with space.txt", "spaced/"]
COPY lib /app
COPY a.txt /app/existing
RUN test -x bin/a.txt
COPY a.txt /app
`,
    'package.json': 'p',
    'package-lock.json': 'l',
    'a.txt': 'a',
    'b.txt': 'b',
    'with space.txt': 's',
    'lib/deep/x.js': 'x',
  })
  expect(await read('app/package-lock.json')).toBe('l')
  expect(await read('app/b.txt')).toBe('b')
  expect(await read('app/renamed/file.txt')).toBe('a')
  expect(await read('app/spaced/with space.txt')).toBe('s')
  expect(await read('app/deep/x.js')).toBe('x')
  expect(await read('app/existing')).toBe('a')
  expect((await stat(join(root, 'app/bin/a.txt'))).mode & 0o777).toBe(0o755)
})

test('a stage continues another and its files can be taken by number, name or link', async () => {
  const { config, read, root } = await buildOf({
    Dockerfile: `FROM node AS Base
ENV FROM_BASE=yes
WORKDIR /app
CMD ["inherited.js"]
RUN mkdir -p bin && echo x > target && ln -s ../target bin/link && ln -s /app/target absolute
FROM base AS second
ENTRYPOINT ["node"]
COPY --from=0 /app/bin /copied/
COPY --from=BASE /app/absolute /copied/
`,
  })
  expect(config).toMatchObject({ workdir: '/app', entrypoint: ['node'], cmd: null })
  expect(config.env.FROM_BASE).toBe('yes')
  expect(await readlink(join(root, 'copied/link'))).toBe('../target')
  expect(await read('copied/absolute')).toBe('x\n')
})

test('SHELL, STOPSIGNAL, USER, VOLUME and HEALTHCHECK are kept', async () => {
  const { config, lines } = await buildOf({
    Dockerfile: `FROM node
SHELL ["/bin/bash", "-ec"]
LABEL a=b
MAINTAINER me
STOPSIGNAL SIGINT
USER node
VOLUME ["/data"]
HEALTHCHECK --interval=5s CMD node check.js
ONBUILD RUN echo never
CMD node s.js
`,
  })
  expect(config).toMatchObject({
    cmd: ['/bin/bash', '-ec', 'node s.js'],
    stopSignal: 'SIGINT',
    user: 'node',
    volumes: ['/data'],
    healthcheck: 'CMD node check.js',
  })
  expect(lines.join('\n')).toContain('USER node is noted; processes run as the user of this machine')
})

test('the log says on which Node it runs, and warns when the Dockerfile asks for another', async () => {
  const { lines } = await buildOf({ Dockerfile: 'FROM node:4-slim\n' })
  expect(lines.join('\n')).toContain(`following this Dockerfile on this machine's Node ${process.version}`)
  expect(lines.join('\n')).toContain('[WARNING] The Dockerfile asks for Node 4 (node:4-slim)')
})

test.each([
  [
    'COPY ../x .',
    'failed to compute cache key: failed to calculate checksum of ref lucree::context: "/x": not found',
  ],
  ['COPY link/passwd .', '"/etc/passwd": not found'],
  ['COPY a', 'COPY requires at least two arguments, but only one was provided.'],
  ['COPY --from=nginx:1 /x .', "can't COPY --from=nginx:1: only stages of this Dockerfile"],
  ['ADD https://a.example/x .', "can't ADD https://a.example/x"],
  [
    'RUN apt-get install -y curl',
    'process "/bin/sh -c apt-get install -y curl" did not complete successfully: exit code: 126',
  ],
  ['RUN ["nothing-like-it"]', 'process "nothing-like-it" did not complete successfully: exit code: 1'],
  ['EXPOSE 99999', 'Invalid containerPort: 99999'],
  ['ENV A=1 B', `Syntax error - can't find = in "B"`],
  ['WORKDIR ${NONE:?is needed}', 'failed to process "${NONE:?is needed}": NONE: is needed'],
  ['FROM', 'dockerfile parse error on line 2: FROM requires either one or three arguments'],
  ['FROM node AS', 'FROM requires either one or three arguments'],
  ['FROM ${NONE}', 'base name (${NONE}) should not be blank'],
])('%s is refused as by an engine, or with what to do', async (instruction, message) => {
  const source = await filesIn({ Dockerfile: `FROM node\n${instruction}\n`, a: 'a', b: 'b' })
  await symlink('/etc', join(source, 'link'))
  await expect(build(source)).rejects.toThrow(message)
})

test('a path that a step makes up is not removed on this machine, and a link out of the image leads to a place in it', async () => {
  const outside = await filesIn({ 'precious.txt': 'still here' })
  // Octal, so that no path stands in the text.
  const hidden = `$(printf '${outside.replaceAll('/', '\\057')}')`
  await expect(buildOf({ Dockerfile: `FROM node\nRUN rm -rf "${hidden}"\n` })).rejects.toThrow(
    'did not complete successfully: exit code: 1',
  )
  const linked = {
    Dockerfile: `FROM node\nRUN ln -s "${hidden}" leak\nCOPY precious.txt leak/\n`,
    'precious.txt': 'gone',
  }
  const { read } = await buildOf(linked)
  expect(await read('leak/precious.txt')).toBe('gone')
  expect(await readFile(join(outside, 'precious.txt'), 'utf8')).toBe('still here')
})

test('users and owners of the image are skipped with a word', async () => {
  const { lines } = await buildOf({ Dockerfile: 'FROM node\nRUN adduser -D app && chown -R app /srv\n' })
  expect(lines.join('\n')).toContain("'chown' skipped")
})

test('an expensive step runs once, also for builds at the same time, until what leads to it changes', async () => {
  const runtime = new ProcessRuntime({ dir: await scratch(), clock: systemClock })
  const logs: string[] = []
  const installed = async (lock: string) => {
    const Dockerfile = `FROM node
WORKDIR /app
COPY lock .
RUN echo installing && sleep 0.6 && cp lock installed
COPY late .
`
    const sourceDir = await filesIn({ Dockerfile, lock, late: String(Math.random()) })
    const image = await runtime.build({ sourceDir, name: 'app', log: (line) => logs.push(line), signal })
    return readFile(join(image.ref, 'root/app/installed'), 'utf8')
  }
  const times = () => logs.filter((line) => line === 'installing').length
  expect(await Promise.all([installed('1'), installed('1')])).toEqual(['1', '1'])
  expect(await installed('1')).toBe('1')
  expect(times()).toBe(1)
  expect(logs.filter((line) => line === ' ---> Using cache')).toHaveLength(2)
  expect(await installed('2')).toBe('2')
  expect(times()).toBe(2)
})
