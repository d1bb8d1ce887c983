import { createHash } from 'node:crypto'
import { once } from 'node:events'
import { mkdir, writeFile } from 'node:fs/promises'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { Sandbox } from './sandbox.ts'

const CONFIG = `
[profile empty]
region = us-east-1
[profile sso]
region = us-east-1
sso_session = corp
sso_account_id = 111122223333
sso_role_name = Dev
[sso-session corp]
sso_region = us-east-1
sso_start_url = https://corp.example.com/start
[profile over]
region = us-east-1
sso_start_url = https://corp.example.com/start
sso_region = us-east-1
sso_account_id = 111122223333
sso_role_name = Dev
[profile no-session]
region = us-east-1
sso_session = absent
sso_account_id = 111122223333
sso_role_name = Dev
[profile process]
region = us-east-1
credential_process = sh -c "exit 3"
[profile chained]
region = us-east-1
role_arn = arn:aws:iam::111122223333:role/deploy
source_profile = absent
[profile second-factor]
region = us-east-1
role_arn = arn:aws:iam::111122223333:role/deploy
source_profile = keys
mfa_serial = arn:aws:iam::111122223333:mfa/ada
[profile half]
region = us-east-1
aws_access_key_id = AKIAIOSFODNN7EXAMPLE
[profile keys]
region = us-east-1
aws_access_key_id = AKIAIOSFODNN7EXAMPLE
aws_secret_access_key = wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY
`

let sandbox: Sandbox
beforeAll(async () => {
  sandbox = await Sandbox.open()
  const cache = join(sandbox.dir, 'home/.aws/sso/cache')
  await mkdir(cache, { recursive: true })
  await writeFile(join(sandbox.dir, 'home/.aws/config'), CONFIG)
  const start = 'https://corp.example.com/start'
  const token = { startUrl: start, region: 'us-east-1', accessToken: 'a', expiresAt: '2020-01-01T00:00:00Z' }
  await writeFile(
    join(cache, `${createHash('sha1').update(start).digest('hex')}.json`),
    JSON.stringify(token),
  )
})
afterAll(() => sandbox.close())

/** Nothing beyond this machine is asked: no instance metadata either. */
const alone = { AWS_EC2_METADATA_DISABLED: 'true' }

test.each([
  {
    what: 'no credentials at all',
    words: ['--region', 'us-east-1'],
    says: /no AWS credentials/,
    mend: /aws configure/,
  },
  {
    what: 'a profile that does not exist',
    words: ['--profile', 'emptyy'],
    says: /no such profile/,
    mend: /--profile empty\b/,
  },
  {
    what: 'a profile that names nothing',
    words: ['--profile', 'empty'],
    says: /names no credentials/,
    mend: /aws configure --profile empty/,
  },
  {
    what: 'an SSO session that was never begun',
    words: ['--profile', 'sso'],
    says: /SSO session/,
    mend: /aws sso login --profile sso/,
  },
  {
    what: 'an SSO session that is over',
    words: ['--profile', 'over'],
    says: /SSO session is over/,
    mend: /aws sso login --profile over/,
  },
  {
    what: 'an SSO session that no file has',
    words: ['--profile', 'no-session'],
    says: /SSO session absent/,
    mend: /aws configure sso/,
  },
  {
    what: 'a credential_process that fails',
    words: ['--profile', 'process'],
    says: /credential_process failed/,
    mend: /--profile process/,
  },
  {
    what: 'a role with a source that is missing',
    words: ['--profile', 'chained'],
    says: /source_profile absent/,
    mend: /--profile absent/,
  },
  {
    what: 'a role that wants a code',
    words: ['--profile', 'second-factor'],
    says: /second factor/,
    mend: /export-credentials/,
  },
  {
    what: 'half a key',
    words: ['--profile', 'half'],
    says: /aws_secret_access_key/,
    mend: /aws configure --profile half/,
  },
])('$what ends with exit 3, its cause and the command that mends it', async ({ words, says, mend }) => {
  const ran = await sandbox.lucree(['status', ...words], { env: alone })
  expect(ran).toMatchObject({ code: 3, stdout: '' })
  expect(ran.stderr.split('\n')[0]).toMatch(says)
  expect(ran.stderr).toMatch(mend)
  expect(ran.stderr).not.toContain('wJalrXUtnFEMI')
})

test('a region that is no region ends with exit 2', async () => {
  const ran = await sandbox.lucree(['status', '--profile', 'keys', '--region', 'eu central 1'], {
    env: alone,
  })
  expect(ran).toMatchObject({ code: 2, stdout: '' })
  expect(ran.stderr).toContain('There is no AWS region "eu central 1": did you mean eu-central-1?')
})

test.each([
  { code: 'ExpiredToken', says: /credentials have expired/, mend: /aws sso login --profile keys/ },
  {
    code: 'InvalidClientTokenId',
    says: /does not know this access key/,
    mend: /get-caller-identity --profile keys/,
  },
  { code: 'SignatureDoesNotMatch', says: /secret key does not belong/, mend: /aws configure --profile keys/ },
])(
  '$code from AWS ends with exit 3 and a named cause, and doctor has it as a line',
  async ({ code, says, mend }) => {
    const server = await answering(code)
    const { port } = server.address() as AddressInfo
    const env = { ...alone, AWS_ENDPOINT_URL: `http://127.0.0.1:${port}` }
    const ran = await sandbox.lucree(['status', '--profile', 'keys'], { env })
    expect(ran).toMatchObject({ code: 3, stdout: '' })
    expect(ran.stderr).toMatch(says)
    expect(ran.stderr).toMatch(mend)
    const doctor = await sandbox.lucree(['doctor', '--profile', 'keys'], {
      env,
      cwd: await sandbox.app('no-expose'),
    })
    expect(doctor.code).toBe(3)
    expect(doctor.stdout).toMatch(/credentials +FAILED/)
    expect(doctor.stdout).toMatch(/network +unknown +not looked at/)
    expect(doctor.stdout).toMatch(/bundle +ok/)
    server.close()
  },
)

test('an account in a region that an administrator has to enable first is told so', async () => {
  const server = await answering('InvalidClientTokenId')
  const { port } = server.address() as AddressInfo
  const env = { ...alone, AWS_ENDPOINT_URL: `http://127.0.0.1:${port}` }
  const ran = await sandbox.lucree(['status', '--profile', 'keys', '--region', 'eu-south-2'], { env })
  expect(ran.code).toBe(3)
  expect(ran.stderr).toContain('aws account enable-region --region-name eu-south-2')
  server.close()
})

/** A server that answers every call as AWS refuses credentials. */
async function answering(code: string): Promise<Server> {
  const body = `<ErrorResponse><Error><Type>Sender</Type><Code>${code}</Code><Message>no</Message></Error><RequestId>r</RequestId></ErrorResponse>`
  const server = createServer((request, response) => {
    request.resume()
    response.writeHead(403, { 'content-type': 'text/xml', connection: 'close' }).end(body)
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  return server
}
