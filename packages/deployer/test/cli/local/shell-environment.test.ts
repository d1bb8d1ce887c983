import { execFileSync } from 'node:child_process'
import { expect, it } from 'vitest'
import { shellEnvironment, shellLines } from '../../../src/cli/local/shell-environment.ts'
import { Sensitive } from '../../../src/config/sensitive.ts'
import { Revealed } from '../../../src/report/scrub.ts'

const secret = 'a\'b $(touch x) \\ "c"'
const variables = shellEnvironment({
  url: 'http://127.0.0.1:4780',
  region: 'us-east-1',
  credentials: { accessKeyId: 'AKIALUCREELOCALAAAAA', secretAccessKey: new Sensitive(secret) },
  account: 'new',
  ...{ dir: '/x', pid: 1, startedAt: '', runtime: 'process', version: '' },
})

it("gives a shell's eval every value as it is, and takes away what would mislead", () => {
  const misleading = { AWS_PROFILE: 'work', AWS_SESSION_TOKEN: 'x', AWS_ENDPOINT_URL_S3: 'http://elsewhere' }
  const lines = shellLines(variables, misleading).map((line) => (line instanceof Revealed ? line.text : line))
  const printed = execFileSync('sh', ['-c', `${lines.join('\n')}\nenv`], {
    encoding: 'utf8',
    env: misleading,
  })
  const told = Object.fromEntries(
    printed
      .trim()
      .split('\n')
      .map((line) => line.split(/=(.*)/s)),
  )
  expect(told).toMatchObject({
    AWS_ENDPOINT_URL: 'http://127.0.0.1:4780',
    AWS_REGION: 'us-east-1',
    AWS_DEFAULT_REGION: 'us-east-1',
    AWS_ACCESS_KEY_ID: 'AKIALUCREELOCALAAAAA',
    AWS_SECRET_ACCESS_KEY: secret,
  })
  expect(Object.keys(told).filter((name) => name in misleading)).toEqual([])
})

it('marks the secret as one that was asked for', () => {
  expect(variables['AWS_SECRET_ACCESS_KEY']).toBeInstanceOf(Revealed)
})
