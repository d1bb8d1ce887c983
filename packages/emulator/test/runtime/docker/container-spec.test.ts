import { expect, test } from 'vitest'
import { splitCommand } from '../../../src/runtime/command-words.ts'
import { containerSpec } from '../../../src/runtime/docker/container-spec.ts'
import { exposedInOrder } from '../../../src/runtime/docker/exposed-ports.ts'

test('a container is asked for as the platform does, published on loopback only', () => {
  const spec = containerSpec(
    {
      image: { ref: 'app:1', exposedPorts: [] },
      name: 'eb-e-abc123-i-0def-7',
      env: { TOKEN: 'a=b "c"\n$d' },
      port: 8080,
      command: 'server.js --name "two words"',
      volumes: [{ hostDirectory: '/host', containerDirectory: '/data' }],
      outputFile: '/out',
      signal: new AbortController().signal,
    },
    'state',
  )
  expect(spec).toEqual({
    Image: 'app:1',
    Env: ['TOKEN=a=b "c"\n$d'],
    Labels: { 'lucree.state': 'state', 'lucree.environment': 'e-abc123', 'lucree.instance': 'i-0def' },
    ExposedPorts: { '8080/tcp': {} },
    Cmd: ['server.js', '--name', 'two words'],
    HostConfig: {
      PortBindings: { '8080/tcp': [{ HostIp: '127.0.0.1', HostPort: '' }] },
      Binds: ['/host:/data'],
      LogConfig: { Type: 'json-file', Config: {} },
    },
  })
})

test('ports come in the order of the Dockerfile, then those of the base image', () => {
  const exposed = ['3000/tcp', '22/tcp', '80/tcp', '53/udp']
  expect(exposedInOrder(exposed, 'FROM x\nEXPOSE 80/tcp \\\n 3000\n')).toEqual([80, 3000, 22])
  expect(exposedInOrder(exposed, '')).toEqual([22, 80, 3000])
})

test.each([
  ['node server.js', ['node', 'server.js']],
  [`sh -c 'a && b'  --x="y z"`, ['sh', '-c', 'a && b', '--x=y z']],
  ['', []],
])('%j has the words %j', (text, words) => {
  expect(splitCommand(text)).toEqual(words)
})
