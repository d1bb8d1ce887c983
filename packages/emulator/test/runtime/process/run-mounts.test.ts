import { existsSync } from 'node:fs'
import { readFile, readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { systemClock } from '../../../src/clock.ts'
import { ProcessRuntime } from '../../../src/runtime/process.ts'
import { filesIn, scratch } from '../fixture.ts'

const signal = new AbortController().signal

async function built(files: Record<string, string>, runtime?: ProcessRuntime): Promise<string> {
  const own = runtime ?? new ProcessRuntime({ dir: await scratch(), clock: systemClock })
  const sourceDir = await filesIn(files)
  const image = await own.build({ sourceDir, name: 'app', log: () => undefined, signal })
  return join(image.ref, 'root')
}

const textOf = (root: string, path: string) => readFile(join(root, path), 'utf8')

test('what a RUN binds of the context is there for that step, in the place of what was there, and nothing of it stays', async () => {
  const root = await built({
    Dockerfile: `FROM node
WORKDIR /app
RUN echo old > package.json
RUN --mount=type=bind,source=package.json,target=package.json \\
    --mount=type=bind,source=lib,target=deep/lib,rw \\
    cp package.json seen && cat deep/lib/a >> seen && echo more > deep/lib/b
`,
    'package.json': 'new\n',
    'lib/a': 'a\n',
    'lib/ignored': '',
    '.dockerignore': 'lib/ignored\n',
  })
  expect(await textOf(root, 'app/seen')).toBe('new\na\n')
  expect(await textOf(root, 'app/package.json')).toBe('old\n')
  expect(await readdir(join(root, 'app'))).toEqual(['package.json', 'seen'])
})

test('the whole context can be bound over the directory in which the step runs', async () => {
  const root = await built({
    Dockerfile: 'FROM node\nWORKDIR /app\nRUN --mount=target=. cp a /b\nRUN ls > /c\n',
    a: '1',
  })
  expect(await textOf(root, 'b')).toBe('1')
  expect(await textOf(root, 'c')).toBe('')
})

test('a stage can be bound, and what it holds counts for the kept result of the step', async () => {
  const runtime = new ProcessRuntime({ dir: await scratch(), clock: systemClock })
  const copied = async (text: string) => {
    const Dockerfile = `FROM node AS a
COPY f /from/f
FROM node
RUN --mount=type=bind,from=a,source=/from,target=/m sleep 0.6 && cp /m/f /copied
`
    return textOf(await built({ Dockerfile, f: text }, runtime), 'copied')
  }
  expect(await copied('1')).toBe('1')
  expect(await copied('2')).toBe('2')
})

test('a cache lives on from step to step and from build to build, a tmpfs does not', async () => {
  const runtime = new ProcessRuntime({ dir: await scratch(), clock: systemClock })
  const Dockerfile = `FROM node
RUN --mount=type=cache,target=/c --mount=type=tmpfs,target=/t echo 1 >> /c/f; echo 1 > /t/f
RUN --mount=type=cache,target=/c cp /c/f /seen; ls /t > /left || true
`
  expect(await textOf(await built({ Dockerfile }, runtime), 'seen')).toBe('1\n')
  const root = await built({ Dockerfile: `${Dockerfile}ENV ANOTHER=1\n` }, runtime)
  expect(await textOf(root, 'seen')).toBe('1\n1\n')
  expect(await textOf(root, 'left')).toBe('')
  expect(existsSync(join(root, 'c'))).toBe(false)
})

test('a secret that nobody gives is not there, unless it must be', async () => {
  const root = await built({
    Dockerfile:
      'FROM node\nRUN --mount=type=secret,id=x --mount=type=ssh test ! -e /run/secrets && echo 1 > /x\n',
  })
  expect(await textOf(root, 'x')).toBe('1\n')
})

test.each([
  ['--mount=type=secret,id=x,required', 'secret x: not found'],
  ['--mount=type=ssh,required', 'unset ssh forward key default'],
  ['--mount=source=nope,target=/m', '"/nope": not found'],
  ['--mount=from=nginx,target=/m', "can't mount from nginx: only stages of this Dockerfile"],
])('RUN %s is refused', async (mount, message) => {
  await expect(built({ Dockerfile: `FROM node\nRUN ${mount} true\n` })).rejects.toThrow(message)
})

test('heredocs of RUN are the text of the shell, input of commands, or a program', async () => {
  const root = await built({
    Dockerfile: `FROM node
WORKDIR /app
RUN <<EOF
echo 1 > /one
echo 2 > two
EOF
RUN cat <<A > three && cat <<-"B" > four
$NODE_VERSION
A
	$NODE_VERSION
	B
RUN <<EOF
#!/usr/bin/env node
const { writeFileSync } = require('node:fs')
writeFileSync('/five', String(10 / 2))
EOF
COPY <<six <<"seven" ./
\${NODE_VERSION:+known} "q"
six
$NODE_VERSION
seven
`,
  })
  expect(await textOf(root, 'one')).toBe('1\n')
  expect(await textOf(root, 'app/two')).toBe('2\n')
  expect(await textOf(root, 'app/three')).toBe(`${process.versions.node}\n`)
  expect(await textOf(root, 'app/four')).toBe('$NODE_VERSION\n')
  expect(await textOf(root, 'five')).toBe('5')
  expect(await textOf(root, 'app/six')).toBe('known "q"\n')
  expect(await textOf(root, 'app/seven')).toBe('$NODE_VERSION\n')
  expect(existsSync(join(root, 'dev/pipes'))).toBe(false)
})
