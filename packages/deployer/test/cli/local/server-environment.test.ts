import { expect, it } from 'vitest'
import { serverEnvironment } from '../../../src/cli/local/server-environment.ts'

it('leaves secrets out of a process that lives on', () => {
  expect(
    serverEnvironment({
      LUCREE_PASSWD: 's3cret',
      AWS_SECRET_ACCESS_KEY: 'x',
      GITHUB_TOKEN: 'x',
      NODE_AUTH_TOKEN: 'x',
      npm_config__authToken: 'x',
      NODE_OPTIONS: '--inspect',
    }),
  ).toEqual({})
})

it('keeps what finds programs, engines, registries and proxies', () => {
  const environment = {
    PATH: '/bin',
    HOME: '/home/a',
    LC_ALL: 'C.UTF-8',
    DOCKER_HOST: 'unix:///run/docker.sock',
    XDG_RUNTIME_DIR: '/run/user/1',
    https_proxy: 'http://proxy:3128',
    npm_config_registry: 'https://registry.example',
  }
  expect(serverEnvironment({ ...environment, TMPDIR: undefined })).toEqual(environment)
})
