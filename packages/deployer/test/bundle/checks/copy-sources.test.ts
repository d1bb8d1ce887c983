import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { bundle, refusal } from '../bundled.ts'
import { sourceTree, type Tree } from '../source-tree.ts'

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
    ['.dockerignore', 'dist/*', 'dist', '.dockerignore:1 leaves it out: dist/*'],
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

  test('when a pattern matches nothing', async () => {
    const error = await refusal(bundle(withCopy('ADD *.tgz ./')))
    expect(error.message).toBe('Dockerfile:2: ADD *.tgz: it is not in the bundle')
    expect(error.why).toContain('nothing in ')
  })

  test('when it is an .env file', async () => {
    const error = await refusal(bundle(withCopy('COPY .env ./', { '.env': 'A=1' })))
    expect(error.why).toBe('.env files stay out of bundles')
  })

  test('when it is an empty directory', async () => {
    const source = await sourceTree(withCopy('COPY uploads ./'))
    await mkdir(join(source, 'uploads'))
    expect((await refusal(bundle({}, { source }))).hints).toEqual(['touch uploads/.gitkeep'])
  })

  test('when it ships for the platform and the .dockerignore that ships too hides it from the build', async () => {
    const tree = { '.dockerignore': 'Dockerrun*', 'Dockerrun.aws.json': '{"AWSEBDockerrunVersion": "1"}' }
    const error = await refusal(bundle(withCopy('COPY Dockerrun.aws.json ./', tree)))
    expect(error.why).toBe('.dockerignore:1 leaves it out: Dockerrun*')
  })
})
