import { execFile } from 'node:child_process'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { expect, onTestFinished, test } from 'vitest'
import { listSource } from '../../src/bundle/list-source.ts'
import { bundle, DOCKERFILE, refusal } from './bundled.ts'
import { sourceTree, type Tree } from './source-tree.ts'

const run = promisify(execFile)
const signal = new AbortController().signal

async function list(tree: Tree, include: string[] = [], source?: string) {
  const at = source ?? (await sourceTree(tree))
  const listed = await listSource({ source: at, include, projectDir: at, signal })
  onTestFinished(() => listed.zip?.dispose())
  return listed
}

test('a list has what ships, and its zip is the one of a deploy', async () => {
  const tree: Tree = { Dockerfile: DOCKERFILE, 'bin/run': { run: '#!/bin/sh\n' }, link: { link: 'bin/run' } }
  const { entries, zip } = await list(tree)
  expect(entries).toEqual([
    { path: 'Dockerfile', bytes: DOCKERFILE.length, mode: 0o644, kind: 'file' },
    { path: 'bin/run', bytes: 10, mode: 0o755, kind: 'file' },
    { path: 'link', bytes: 7, mode: 0o777, kind: 'symlink' },
  ])
  const { digest, bytes } = await bundle(tree)
  expect(zip).toMatchObject({ digest, bytes })
})

test('what is left out is told with its line; a directory that is not read is one entry', async () => {
  const { left } = await list({
    Dockerfile: DOCKERFILE,
    '.dockerignore': '# made elsewhere\nnode_modules\n*.log\n!keep.log\n',
    '.ebignore': 'docs/\n',
    'node_modules/a/index.js': '',
    'node_modules/b/index.js': '',
    'keep.log': '',
    'debug.log': '',
    'docs/a.md': '',
    '.env': 'A=1',
    '.git/HEAD': '',
    'config/.env.local': '',
  })
  const docker = { reason: 'rule', file: '.dockerignore' }
  expect(left).toEqual([
    { path: '.env', kind: 'file', reason: 'env' },
    { path: '.git', kind: 'directory', reason: 'git' },
    { path: 'config/.env.local', kind: 'file', reason: 'env' },
    { path: 'debug.log', kind: 'file', ...docker, line: 3, rule: '*.log' },
    { path: 'docs', kind: 'directory', reason: 'rule', file: '.ebignore', line: 1, rule: 'docs/' },
    { path: 'node_modules', kind: 'directory', ...docker, line: 2, rule: 'node_modules' },
  ])
})

test('a pipe is left out, and an .env file of a directory that is included from outside of the source', async () => {
  const project = await sourceTree({
    'api/Dockerfile': DOCKERFILE,
    'shared/a': '',
    'shared/.env': 'A=1',
    'api/x': '',
  })
  await run('mkfifo', [join(project, 'api/pipe')])
  const listed = await listSource({
    source: join(project, 'api'),
    include: ['shared'],
    projectDir: project,
    signal,
  })
  onTestFinished(() => listed.zip?.dispose())
  expect(listed.left).toEqual([
    { path: 'pipe', kind: 'special', reason: 'special' },
    { path: 'shared/.env', kind: 'file', reason: 'env' },
  ])
})

test('each reason for which a deploy would refuse is told, and the list is there all the same', async () => {
  const { refusals, entries, zip } = await list({
    Dockerfile: 'FROM node:24\nCOPY absent.js .\n',
    'docker-compose.yml': '',
  })
  expect(refusals.map(({ code }) => code)).toEqual([
    'LUC-SOURCE-COMPOSE',
    'LUC-SOURCE-COPY',
    'LUC-SOURCE-NO-PORT',
  ])
  expect(entries).toHaveLength(2)
  expect(zip?.digest).toMatch(/^[0-9a-f]{64}$/)
})

test('a source that is not there is an error', async () => {
  expect((await refusal(list({}, [], '/nowhere'))).code).toBe('LUC-SOURCE-NO-DIRECTORY')
})
