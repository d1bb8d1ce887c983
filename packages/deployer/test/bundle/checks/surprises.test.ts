import { describe, expect, test } from 'vitest'
import { bundle, DOCKERFILE } from '../bundled.ts'
import type { Tree } from '../source-tree.ts'

const FILES: Tree = { a: '', b: '', 'd/x': '' }

async function told(lines: string, tree: Tree = FILES, image = 'x/y'): Promise<string[]> {
  return (await bundle({ ...tree, Dockerfile: `FROM ${image}\n${lines}\nEXPOSE 80\n` })).warnings
}

describe('told before anything is sent is', () => {
  test('a file that is lost because another gets its place', async () => {
    expect(await told('COPY a b /x')).toEqual([
      'Dockerfile:2: COPY copies 2 files to /x: unless the image has a directory of that name, docker keeps the last file only, and a is lost without an error; write /x/.',
    ])
    expect(await told('COPY [ab]* /x')).toHaveLength(1)
  })

  test.each([
    'COPY a b /x/',
    'COPY a b .',
    'COPY a /x',
    'COPY a b* /x/.',
    'WORKDIR /app\nCOPY a b /app',
    'WORKDIR /app/sub\nCOPY a b /app',
    'RUN mkdir /x\nCOPY a b /x',
    'COPY d /x\nCOPY a b /x',
    'COPY d a /x',
    'COPY $A b /x',
  ])('not %j, where nothing is lost or nobody knows', async (lines) => {
    expect(await told(lines)).toEqual([])
  })

  test('a mode in letters, which docker passes over', async () => {
    const [warning] = await told('COPY --chmod=u+x a /x')
    expect(warning).toMatch(/^Dockerfile:2: COPY --chmod=u\+x changes no mode, .* --chmod=755/)
    expect(await told('COPY --chmod=0755 a /x')).toEqual([])
  })
})

describe('a program that a shell of Debian starts is told, with what to write:', () => {
  test.each([
    ['CMD node server.js', 'CMD ["node", "server.js"].'],
    ['ENTRYPOINT node server.js', 'ENTRYPOINT ["node", "server.js"].'],
    ['CMD node server.js --port $PORT', 'CMD exec node server.js --port $PORT.'],
    ['CMD npm run migrate && npm start', 'a script that ends with exec PROGRAM, and CMD ["./start.sh"].'],
  ])('%s', async (line, better) => {
    const [warning] = await told(line, FILES, 'node:24-slim')
    expect(warning).toMatch(/^Dockerfile:2: .* each stop takes ten seconds /)
    expect(warning?.endsWith(`write ${better}`)).toBe(true)
  })

  test('also where a stage of the file is the base', async () => {
    const Dockerfile = 'FROM node:24 AS base\nCMD node server.js\nFROM base\nEXPOSE 80\n'
    expect((await bundle({ Dockerfile })).warnings).toHaveLength(1)
  })

  test.each([
    ['node:24-slim', 'CMD ["node", "server.js"]'],
    ['node:24-slim', 'CMD exec node server.js'],
    ['node:24-slim', 'ENTRYPOINT ["tini", "--"]\nCMD node server.js'],
    ['node:24-slim', 'CMD node old.js\nCMD ["node", "server.js"]'],
    ['node:24-alpine', 'CMD node server.js'],
    ['public.ecr.aws/amazonlinux/amazonlinux:2023', 'CMD node server.js'],
    ['scratch', 'CMD node server.js'],
    ['registry.example/team/app:1', 'CMD node server.js'],
  ])('but not of %s with %j', async (image, line) => {
    expect(await told(line, FILES, image)).toEqual([])
  })
})

describe('.ebextensions', () => {
  const extension = async (text: string, name = 'a.config') =>
    (await bundle({ Dockerfile: DOCKERFILE, [`.ebextensions/${name}`]: text })).warnings

  test.each([
    'option_settings:\n  a:b:\n    C: d\n',
    '{"option_settings": {"a:b": {"C": "d"}}}',
    '',
    'files:\n  "/x": {mode: "000755"}\n  "/x": {mode: "000644"}\n',
  ])('with %j is no matter', async (text) => {
    expect(await extension(text)).toEqual([])
  })

  test.each([
    ['a:\n  b: 1\n c: 2\n', 3],
    ['a: b: c\n', 1],
    ['{"a": 1,, }', 1],
    ['a:\n\tb: 1\n', 2],
  ])('with %j is told with its line', async (text, line) => {
    const [warning] = await extension(text)
    expect(warning).toMatch(
      new RegExp(`^\\.ebextensions/a\\.config:${line}: it is neither YAML nor JSON, .*\\.$`),
    )
  })

  test('with a Mac’s file beside them is told, with what mends it', async () => {
    const [warning] = await extension('\0\u0005\u0016\u0007', '._a.config')
    expect(warning).toContain('rm .ebextensions/._a.config')
  })
})

test('keys of the ECS platform in a Dockerrun.aws.json are told with their line', async () => {
  const { warnings } = await bundle({
    Dockerfile: DOCKERFILE,
    'Dockerrun.aws.json': '\ufeff{"AWSEBDockerrunVersion": "1",\n "containerDefinitions": []}\n',
  })
  expect(warnings[0]).toMatch(/^Dockerrun\.aws\.json:2: containerDefinitions is for Beanstalk's ECS platform/)
})

test('a hook without an x bit or with CRLF ships: Amazon Linux 2023 mends both', async () => {
  const hook = '.platform/hooks/postdeploy/10_note.sh'
  const made = await bundle({ Dockerfile: DOCKERFILE, [hook]: '#!/bin/bash\r\necho hi\r\n' })
  expect(made.warnings).toEqual([])
  expect(made.entries.map(({ path }) => path)).toContain(hook)
})

test.each([
  ["CMD ['node', 'server.js']", 'CMD ["node", "server.js"].'],
  ['ENTRYPOINT ["node", "server.js",]', 'ENTRYPOINT ["node", "server.js"].'],
  ['CMD [node server.js]', 'CMD ["node", "server.js"].'],
])('%s is no array, which is told on any image', async (line, better) => {
  const warnings = await told(line, FILES, 'node:24-alpine')
  expect(warnings).toEqual([expect.stringMatching(/^Dockerfile:2: .* is no JSON, so a shell /)])
  expect(warnings[0]?.endsWith(`write ${better}`)).toBe(true)
  expect(await told('CMD [ -f x ] && exec node x', FILES, 'node:24-alpine')).toEqual([])
})
