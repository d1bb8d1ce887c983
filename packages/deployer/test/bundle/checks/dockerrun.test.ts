import { describe, expect, test } from 'vitest'
import { inspectSource } from '../../../src/bundle/inspect-source.ts'
import { bundle, DOCKERFILE, refusal } from '../bundled.ts'
import { sourceTree } from '../source-tree.ts'

const plain = 'FROM node:24\n'
const port = async (dockerrun: string, Dockerfile?: string) =>
  (await bundle({ 'Dockerrun.aws.json': dockerrun, ...(Dockerfile && { Dockerfile }) })).port

describe('Dockerrun.aws.json', () => {
  test('names the port, before EXPOSE does, and only its first counts', async () => {
    const ports = '"Ports": [{"ContainerPort": "3000"}, {"ContainerPort": 4000}]'
    expect(await port(`{"AWSEBDockerrunVersion": "1", ${ports}}`, plain)).toBe(3000)
    expect(await port(`{"AWSEBDockerrunVersion": "1", ${ports}}`, DOCKERFILE)).toBe(3000)
    expect(await port('{"AWSEBDockerrunVersion": "1"}', DOCKERFILE)).toBe(8080)
  })

  test('is enough by itself when it names image and port', async () => {
    const text =
      '{"AWSEBDockerrunVersion": "1", "Image": {"Name": "nginx"}, "Ports": [{"ContainerPort": 80}]}'
    expect(await port(text)).toBe(80)
  })

  test('has its Image ignored beside a Dockerfile, which is told', async () => {
    const text = '{"AWSEBDockerrunVersion": "1",\n "Image": {"Name": "nginx"}}'
    const made = await bundle({ Dockerfile: DOCKERFILE, 'Dockerrun.aws.json': text })
    expect(made.warnings).toEqual([
      'Dockerrun.aws.json:2: Image is ignored, because Beanstalk builds the Dockerfile.',
    ])
  })

  test.each([
    ['{"AWSEBDockerrunVersion": "1",}', 'Dockerrun.aws.json:1:31: property name expected'],
    ['', 'Dockerrun.aws.json:1:1: '],
    [
      '{"AWSEBDockerrunVersion": 2}',
      'Dockerrun.aws.json:1:27: "AWSEBDockerrunVersion": is 2 and must be "1": version 2 is for',
    ],
    ['{"AWSEBDockerrunVersion": "3"}', 'version 3 only goes with a docker-compose.yml'],
    ['{}', '"AWSEBDockerrunVersion": is missing and must be "1"'],
    [
      '{"AWSEBDockerrunVersion": "1", "Ports": [{"ContainerPort": "http"}]}',
      'Dockerrun.aws.json:1:60: "Ports.0.ContainerPort": is not a port number',
    ],
    ['{"AWSEBDockerrunVersion": "1", "Ports": [{"ContainerPort": 70000}]}', '"Ports.0.ContainerPort"'],
    ['{"AWSEBDockerrunVersion": "1", "Ports": [{}]}', 'Dockerrun.aws.json:1:42: "Ports.0.ContainerPort"'],
  ])('%s is refused with its place', async (text, message) => {
    const error = await refusal(port(text, DOCKERFILE))
    expect(error.message).toContain(message)
    expect(error).toMatchObject({ code: 'LUC-SOURCE-DOCKERRUN', exitCode: 4 })
  })

  test('with an image and no port is refused, and so is one with neither image nor Dockerfile', async () => {
    const image = await refusal(port('{"AWSEBDockerrunVersion": "1",\n "Image": {"Name": "nginx"}}'))
    expect(image.message).toBe('Dockerrun.aws.json:2:11: Image needs Ports')
    const none = await refusal(port('{"AWSEBDockerrunVersion": "1"}'))
    expect(none.message).toContain('names no Image, and there is no Dockerfile')
  })
})

test('of the ECS platform is told as that before it is refused', async () => {
  const text = '{"AWSEBDockerrunVersion": "1",\n "containerDefinitions": []}'
  const root = await sourceTree({ 'Dockerrun.aws.json': text })
  const { findings } = await inspectSource({
    source: root,
    projectDir: root,
    include: [],
    signal: new AbortController().signal,
  })
  expect(findings.flatMap(({ warnings }) => warnings)).toContainEqual(
    expect.stringMatching(/^Dockerrun\.aws\.json:2: containerDefinitions is for Beanstalk's ECS platform/),
  )
})
