import { expect, test } from 'vitest'
import { inspectSource } from '../../src/bundle/inspect-source.ts'
import { sourceTree, type Tree } from './source-tree.ts'

const signal = new AbortController().signal

async function inspect(tree: Tree) {
  const source = await sourceTree(tree)
  return inspectSource({ source, include: [], projectDir: source, signal })
}

function refusals({ findings }: Awaited<ReturnType<typeof inspect>>) {
  return findings.flatMap(({ check, refusal }) => (refusal ? [[check, refusal.code]] : []))
}

test('one refusal does not hide the next', async () => {
  const inspected = await inspect({
    Dockerfile: 'FROM node:24\nCOPY absent.js .\n',
    'Dockerrun.aws.json': '{"AWSEBDockerrunVersion": "2"}',
    'docker-compose.yml': 'services: {}\n',
  })
  expect(refusals(inspected)).toEqual([
    ['root', 'LUC-SOURCE-COMPOSE'],
    ['Dockerrun', 'LUC-SOURCE-DOCKERRUN'],
    ['copies', 'LUC-SOURCE-COPY'],
    ['port', 'LUC-SOURCE-NO-PORT'],
  ])
})

test('a source that a deploy takes has no refusal', async () => {
  const inspected = await inspect({ Dockerfile: 'FROM node:24\nEXPOSE 8080\n' })
  expect(refusals(inspected)).toEqual([])
  expect(inspected).toMatchObject({ port: 8080, images: ['node:24'], platform: undefined })
})

test('the images of every stage are named, with variables put in, and those of COPY --from', async () => {
  const { images, platform } = await inspect({
    Dockerfile: [
      'ARG VERSION=24',
      'FROM node:${VERSION} AS build',
      'FROM --platform=linux/arm64 gcr.io/distroless/nodejs AS base',
      'FROM base',
      'COPY --from=build /app /app',
      'COPY --from=busybox:1 /bin/sh /bin/sh',
      'EXPOSE 80',
    ].join('\n'),
  })
  expect(images).toEqual(['node:24', 'gcr.io/distroless/nodejs', 'busybox:1'])
  expect(platform).toBe('linux/arm64')
})

test('the image of a Dockerrun.aws.json is named when there is no Dockerfile', async () => {
  const { images } = await inspect({
    'Dockerrun.aws.json':
      '{"AWSEBDockerrunVersion":"1","Image":{"Name":"nginx"},"Ports":[{"ContainerPort":80}]}',
  })
  expect(images).toEqual(['nginx'])
})
