import { expect, test } from 'vitest'
import { finalImageOf } from '../../../src/bundle/dockerfile/final-image.ts'

const NODE = 'public.ecr.aws/docker/library/node:24-slim'
const files: Record<string, string> = {
  'start.sh': '#!/bin/sh\nexec "$@"\n',
  'bin/run': '#!/usr/bin/env dash\n',
  'bash.sh': '#!/usr/bin/env bash\n',
}
const of = (...lines: string[]) => finalImageOf(lines.join('\n'), (path) => files[path])

test.each<[string, string[], string | undefined]>([
  [
    'the entry point of the Node image',
    [`FROM ${NODE}`, 'CMD ["node", "s.js"]'],
    `the entry point of ${NODE}, a script of sh`,
  ],
  [
    'that of a stage before',
    [`FROM ${NODE} AS base`, 'FROM base', 'CMD ["node"]'],
    `the entry point of ${NODE}, a script of sh`,
  ],
  [
    'an entry point that was taken away',
    [`FROM ${NODE}`, 'ENTRYPOINT []', 'CMD ["node", "s.js"]'],
    undefined,
  ],
  ['an entry point of one’s own', [`FROM ${NODE}`, 'ENTRYPOINT ["node"]', 'CMD ["s.js"]'], undefined],
  ['CMD in shell form', ['FROM python:3', 'CMD python app.py'], 'Dockerfile:2: CMD in shell form'],
  [
    'ENTRYPOINT in shell form',
    ['FROM python:3', 'ENTRYPOINT python app.py', 'CMD ["x"]'],
    'Dockerfile:2: ENTRYPOINT in shell form',
  ],
  [
    'CMD in shell form of bash',
    ['FROM python:3', 'SHELL ["/bin/bash", "-c"]', 'CMD python app.py'],
    undefined,
  ],
  [
    'a shell by name',
    ['FROM python:3', 'CMD ["/bin/sh", "-c", "python app.py"]'],
    'Dockerfile:2: CMD starts /bin/sh',
  ],
  [
    'a shell behind tini',
    ['FROM python:3', 'ENTRYPOINT ["/sbin/tini", "--"]', 'CMD ["sh", "-c", "x"]'],
    'Dockerfile:2: ENTRYPOINT starts sh',
  ],
  [
    'npm',
    ['FROM alpine', 'CMD ["npm", "start"]'],
    'Dockerfile:2: CMD starts npm, which runs its scripts by sh',
  ],
  [
    'a script of sh in the bundle',
    ['FROM python:3', 'ENTRYPOINT ["/app/start.sh"]'],
    'Dockerfile:2: ENTRYPOINT starts /app/start.sh, a script of sh',
  ],
  [
    'a script by env',
    ['FROM python:3', 'CMD ["./bin/run"]'],
    'Dockerfile:2: CMD starts ./bin/run, a script of dash',
  ],
  ['a script of bash', ['FROM python:3', 'CMD ["/bash.sh"]'], undefined],
  ['a program that nobody knows', ['FROM python:3', 'CMD ["gunicorn"]'], undefined],
  ['an image that nobody knows', ['FROM node-$TARGETARCH', 'CMD ["node"]'], undefined],
  ['no start at all', ['FROM acme/app'], undefined],
])('whether an application starts through a shell that drops names: %s', (_, lines, shell) => {
  expect(of(...lines)?.shell).toBe(shell)
})

test.each<[string, string[], string[]]>([
  ['one image', ['FROM python:3.13'], ['python:3.13']],
  [
    'stages that the result needs, and no others',
    ['FROM golang AS go', 'FROM rust AS unused', `FROM ${NODE}`, 'COPY --from=go /x /x'],
    ['golang', NODE],
  ],
  ['an image that is copied from', [`FROM ${NODE}`, 'COPY --from=nginx:1 /x /x'], [NODE, 'nginx:1']],
  [
    'a name that isn’t known is left out',
    ['FROM app-$TARGETARCH AS a', 'FROM node', 'COPY --from=a /x /x'],
    ['node'],
  ],
])('images that the result needs: %s', (_, lines, needs) => {
  expect(of(...lines)?.needs).toEqual(needs)
})

test('a file that no builder takes says nothing', () => {
  expect(of('RUN x')).toBeUndefined()
  expect(of('FROM a', 'NOPE')).toBeUndefined()
})
