import fc from 'fast-check'
import { expect, test } from 'vitest'
import { parseDockerrun } from '../../../../src/services/elasticbeanstalk/instance/dockerrun.ts'

test('reads what the platform acts on', () => {
  const file = {
    AWSEBDockerrunVersion: '1',
    Image: { Name: 'nginx:1', Update: 'false' },
    Ports: [{ ContainerPort: '8080', HostPort: 80 }, { ContainerPort: 9090 }],
    Volumes: [{ HostDirectory: '/data', ContainerDirectory: '/var/data' }],
    Logging: '/var/log/nginx',
    Entrypoint: '/app/run',
    Command: '--fast now',
  }
  expect(parseDockerrun(JSON.stringify(file))).toEqual({
    image: 'nginx:1',
    update: false,
    ports: [8080, 9090],
    volumes: [{ hostDirectory: '/data', containerDirectory: '/var/data' }],
    logging: '/var/log/nginx',
    entrypoint: '/app/run',
    command: '--fast now',
    hasAuthentication: false,
  })
})

test.each([
  ['{', 'not valid JSON'],
  ['[]', 'Invalid Dockerrun.aws.json version'],
  ['{"AWSEBDockerrunVersion": "2"}', 'Invalid Dockerrun.aws.json version'],
  ['{"AWSEBDockerrunVersion": 3}', 'Invalid Dockerrun.aws.json version'],
  ['{"AWSEBDockerrunVersion": 1, "Ports": [{"ContainerPort": 70000}]}', 'Ports.0.ContainerPort'],
])('refuses %s', (text, reason) => {
  expect(() => parseDockerrun(text)).toThrow(reason)
})

test('says one sentence about anything', () => {
  fc.assert(
    fc.property(fc.oneof(fc.string(), fc.json()), (text) => {
      try {
        expect(parseDockerrun(text).ports.every(Number.isInteger)).toBe(true)
      } catch (error) {
        expect((error as Error).message).toMatch(/Dockerrun\.aws\.json/)
      }
    }),
  )
})
