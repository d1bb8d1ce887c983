import { expect, test } from 'vitest'
import { type BundleImage, engineResult, type LocalRuntime } from '../../../src/account/checks/engine.ts'

const NODE = 'public.ecr.aws/docker/library/node:24-slim'
const onNode20: LocalRuntime = { name: 'process', node: 'v20.20.2' }
const built = (...needs: string[]): BundleImage => ({ image: { needs, shell: undefined }, images: needs })

test('without an engine a Dockerfile of another image is refused, with the engine’s start and the way to use it', () => {
  expect(engineResult(onNode20, built('golang:1', NODE, 'python:3.13'))).toMatchObject({
    state: 'failed',
    code: 'LUC-LOCAL-NEEDS-ENGINE',
    found: expect.stringContaining('golang:1 and python:3.13'),
    mend: ['Start Docker or Podman.', expect.stringContaining('lucree local start --runtime docker')],
  })
})

test('without an engine an image that Dockerrun.aws.json names is warned of: the deploy tells that it can’t be pulled', () => {
  const bundle = { image: undefined, images: ['registry.example/team/app:1'] }
  expect(engineResult(onNode20, bundle)).toMatchObject({
    state: 'warning',
    found: expect.stringContaining('registry.example/team/app:1'),
  })
})

test('an engine builds whatever it is', () => {
  expect(engineResult({ name: 'docker', node: 'v20.20.2' }, built('python:3.13')).state).toBe('ok')
})

test.each<[string, LocalRuntime, BundleImage, RegExp]>([
  ['another major', onNode20, built(NODE), /asks for Node 24.* Node v20\.20\.2$/],
  [
    'the same major',
    { name: 'process', node: 'v24.1.0' },
    built(NODE),
    /as a process of this machine, on Node v24\.1\.0$/,
  ],
  ['no major', onNode20, built('node:lts'), /as a process of this machine/],
  [
    'a server that doesn’t tell its Node',
    { name: 'process', node: undefined },
    built(NODE),
    /as a process of this machine$/,
  ],
  ['a name that isn’t known', onNode20, built(), /as a process of this machine/],
])('a Dockerfile with %s is built, and it is said on which Node it runs', (_, runtime, bundle, found) => {
  expect(engineResult(runtime, bundle)).toMatchObject({ state: 'ok', found: expect.stringMatching(found) })
})
