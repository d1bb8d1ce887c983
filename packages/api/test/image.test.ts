import { readFile } from 'node:fs/promises'
import { describe, expect, it } from 'vitest'
import { readPort } from '../src/config/port.ts'

const read = (path: string) => readFile(new URL(path, import.meta.url), 'utf8')

describe('the image', () => {
  it('exposes the port that the application listens on and the platform forwards to', async () => {
    const port = readPort(undefined)
    expect(await read('../Dockerfile')).toMatch(new RegExp(`^EXPOSE ${port}$`, 'm'))
    const dockerrun = JSON.parse(await read('../../../Dockerrun.aws.json')) as unknown
    expect(dockerrun).toEqual({ AWSEBDockerrunVersion: '1', Ports: [{ ContainerPort: port }] })
  })

  it('is made by what every engine since 20.10 understands, and runs nothing while it is built', async () => {
    const instructions = (await read('../Dockerfile'))
      .split('\n')
      .filter((line) => line !== '' && !line.startsWith('#'))
    expect(instructions.map((line) => line.split(' ')[0])).toEqual([
      'FROM',
      'ENV',
      'WORKDIR',
      'COPY',
      'USER',
      'EXPOSE',
      'HEALTHCHECK',
      'CMD',
    ])
    expect(instructions.at(-1)).toBe('CMD ["node", "main.js"]')
    expect(await read('../Dockerfile')).not.toMatch(/^# *syntax=/m)
  })
})
