import { execFile } from 'node:child_process'
import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { describe, expect, test } from 'vitest'
import { bundle, refusal } from '../bundled.ts'
import { sourceTree, type Tree } from '../source-tree.ts'

const run = promisify(execFile)

const withCopy = (copy: string, tree: Tree = {}): Tree => ({
  ...tree,
  Dockerfile: `FROM a\n${copy}\nEXPOSE 80\n`,
})

describe('a COPY is accepted when', () => {
  const tree: Tree = {
    'package.json': '',
    'src/a.js': '',
    'with blank': '',
    'rel/1/x': '',
    cur: { link: 'rel/1' },
    absolute: { link: '/rel/1/x' },
    'src.1': '',
  }
  test.each([
    'COPY . .',
    'COPY / /app',
    'COPY ./ ./',
    'COPY package.json /x/',
    'COPY package*.json src ./',
    'COPY src/*.js ./',
    'COPY /src ./',
    'COPY ../src ./',
    'COPY ["with blank", "x"]',
    'COPY --from=build /nope ./',
    'COPY --chown=node:node src ./',
    'COPY cur/x ./',
    'COPY <<EOF /etc/x\nnope\nEOF',
    'ADD https://example.org/nope.tgz /x',
    'ADD git@github.com:a/b.git /x',
    'ONBUILD COPY nope ./',
    'ARG DIR=src\nCOPY $DIR ./',
    'COPY $FROM_THE_BASE_IMAGE ./',
    'COPY package.json yarn.lock* package-lock.json* ./',
    'ARG TARGETARCH\nCOPY bin/server-${TARGETARCH}.js ./',
    'ARG TAG=src.1\nCOPY ${TAG%%.*}/a.js ${TAG:?unset} ./',
    'COPY cur/*.js absolute ./',
    'COPY cur ./',
    'RUN cat <<EOF\nCOPY nope ./\nEOF',
  ])('it says %j', async (copy) => {
    expect((await bundle(withCopy(copy, tree))).port).toBe(80)
  })
})

describe('a COPY of what is not in the bundle is refused', () => {
  test('with the line of the Dockerfile, when it does not exist', async () => {
    const error = await refusal(bundle(withCopy('COPY package.json dist ./', { 'package.json': '' })))
    expect(error).toMatchObject({ code: 'LUC-SOURCE-COPY', exitCode: 4 })
    expect(error.message).toBe('Dockerfile:2: COPY dist: it is not in the bundle')
    expect(error.why).toMatch(/^it does not exist in /)
    expect(error.hints[0]).toContain('"build" in lucree.json')
  })

  test.each([
    ['.dockerignore', '# built\ndist', 'dist', '.dockerignore:2 leaves it out: dist'],
    ['.ebignore', 'dist/', 'dist/main.js', '.ebignore:1 leaves it out: dist/'],
    [
      'Dockerfile.dockerignore',
      '**/*.js',
      'dist/main.js',
      'Dockerfile.dockerignore:1 leaves it out: **/*.js',
    ],
  ])('with the rule of %s (%j) that hides %s', async (file, rules, path, why) => {
    const error = await refusal(bundle(withCopy(`COPY ${path} ./`, { [file]: rules, 'dist/main.js': '' })))
    expect(error.why).toBe(why)
    expect(error.hints[0]).toMatch(/^Change line \d+ of /)
  })

  test('when the directory that a pattern begins with does not exist', async () => {
    const error = await refusal(bundle(withCopy('ADD dist/*.tgz ./')))
    expect(error.message).toBe('Dockerfile:2: ADD dist/*.tgz: it is not in the bundle')
  })

  test('when a link leads to what does not ship', async () => {
    const tree = { '.dockerignore': 'secret', secret: '', link: { link: '/secret' } }
    const error = await refusal(bundle(withCopy('COPY link ./', tree)))
    expect(error.why).toBe('the symlink link leads to secret, and .dockerignore:1 leaves it out: secret')
    const circle = { a: { link: 'b' }, b: { link: 'a' } }
    expect((await refusal(bundle(withCopy('COPY a ./', circle)))).code).toBe('LUC-SOURCE-COPY')
  })

  test('when the Dockerfile is written for a directory further up, which is named', async () => {
    const root = await sourceTree({
      '.git/HEAD': '',
      'package-lock.json': '',
      'packages/api/Dockerfile': 'FROM a\nCOPY package-lock.json ./\nEXPOSE 80\n',
    })
    const error = await refusal(bundle({}, { source: join(root, 'packages/api') }))
    expect(error.hints[0]).toBe(
      `It is in ${root}: copy the Dockerfile there (cp packages/api/Dockerfile .) and deploy that directory ("source" in lucree.json).`,
    )
  })

  test('and no directory further up is named for what a link leads to, nor the root of the file system', async () => {
    const byLink = await refusal(bundle(withCopy('COPY link ./', { link: { link: '/etc/passwd' } })))
    expect(byLink.why).toMatch(/^the symlink link leads to etc\/passwd, and it does not exist in /)
    const byName = await refusal(bundle(withCopy('COPY etc/passwd ./', {})))
    expect([byLink, byName].map(({ hints }) => hints.join())).toEqual([
      expect.not.stringContaining('names it from'),
      expect.not.stringContaining('names it from'),
    ])
  })

  test('unless no stage that the result needs copies it', async () => {
    const Dockerfile = 'FROM a AS tests\nCOPY tests ./\nFROM a\nEXPOSE 80\n'
    expect((await bundle({ Dockerfile })).port).toBe(80)
  })

  test('when it is an .env file', async () => {
    const error = await refusal(bundle(withCopy('COPY .env ./', { '.env': 'A=1' })))
    expect(error.why).toBe('.env files stay out of bundles')
  })

  test('when it ships for the platform and the .dockerignore that ships too hides it from the build', async () => {
    const tree = { '.dockerignore': 'Dockerrun*', 'Dockerrun.aws.json': '{"AWSEBDockerrunVersion": "1"}' }
    const error = await refusal(bundle(withCopy('COPY Dockerrun.aws.json ./', tree)))
    expect(error.why).toBe('.dockerignore:1 leaves it out: Dockerrun*')
  })
})

test('a pattern that matches nothing is told when nothing else is copied with it', async () => {
  const { warnings } = await bundle(withCopy('ADD *.tgz .npmrc* ./'))
  expect(warnings).toEqual([
    'Dockerfile:2: ADD *.tgz .npmrc* matches nothing that ships, so it copies nothing.',
  ])
})

test('a pattern that docker refuses is refused with its line', async () => {
  const error = await refusal(bundle(withCopy('COPY src/[ab ./', { 'src/a': '' })))
  expect(error).toMatchObject({
    message: 'Dockerfile:2: COPY src/[ab: syntax error in pattern',
    code: 'LUC-SOURCE-DOCKERFILE',
  })
})

test('an empty directory ships and is copied, as docker does it; one whose files are all left out is told with the rule', async () => {
  const source = await sourceTree(withCopy('COPY uploads ./'))
  await mkdir(join(source, 'uploads/deep'), { recursive: true })
  const made = await bundle({}, { source })
  expect(made.entries.filter(({ kind }) => kind === 'directory').map(({ path }) => path)).toEqual([
    'uploads/deep',
  ])
  expect(made.warnings).toEqual(['Dockerfile:2: COPY uploads copies an empty directory.'])
  const { stdout } = await run('unzip', ['-Z', made.path])
  expect(stdout).toMatch(/^drwxr-xr-x .* uploads\/deep\/$/m)
  const { warnings } = await bundle(withCopy('COPY dist ./', { 'dist/a': '', '.dockerignore': 'dist/*' }))
  expect(warnings).toEqual([
    'Dockerfile:2: COPY dist copies an empty directory: .dockerignore:1 leaves out what is in it.',
  ])
})
