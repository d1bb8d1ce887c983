import { readFile } from 'node:fs/promises'
import { expect, test } from 'vitest'
import { balanced, openAccount, property, singleInstance } from './account.ts'
import { answering } from './application.ts'
import { oddZip, type OddEntry } from './instance/odd-zip.ts'

async function deployed(files: Record<string, string> | Buffer) {
  const account = await openAccount()
  await account.version('v1', files)
  await account.send('CreateEnvironment', singleInstance('v1'), 'create')
  const environment = await account.settled()
  return { ...account, environment, messages: await account.messages({ RequestId: 'create' }) }
}

const withoutExpose = { ...answering('one') }
withoutExpose['Dockerfile'] = withoutExpose['Dockerfile']!.replace(/EXPOSE.*\n/, '')

test('Ports of a Dockerrun.aws.json stand in for EXPOSE', async () => {
  const dockerrun = { AWSEBDockerrunVersion: '1', Ports: [{ ContainerPort: 8080 }] }
  const { environment } = await deployed({
    ...withoutExpose,
    'Dockerrun.aws.json': JSON.stringify(dockerrun),
  })
  expect(environment.HealthStatus).toBe('Ok')
  expect(await (await fetch(`http://${environment.CNAME}/`)).text()).toBe('one')
})

test('hooks and ebextensions are not carried out, which an event says once and the engine’s log with their names', async () => {
  const account = await openAccount()
  await account.version('v1', {
    ...answering('one'),
    '.platform/hooks/predeploy/01-check.sh': '#!/bin/sh\nexit 5\n',
    '.platform/nginx/conf.d/size.conf': 'client_max_body_size 20M; gzip off; server { listen 81; }',
    '.platform/nginx/conf.d/time.conf': '# minutes\nproxy_read_timeout 5m;',
    '.ebextensions/swap.config': 'commands: {}',
    '.ebextensions/notes.txt': 'no configuration',
  })
  await account.send('CreateEnvironment', balanced('v1', 2), 'create')
  expect((await account.settled()).HealthStatus).toBe('Ok')
  const text =
    'The embedded Elastic Beanstalk did not carry out .ebextensions/swap.config, .platform/hooks/predeploy/01-check.sh, gzip and server of .platform/nginx/conf.d/size.conf; AWS does.'
  const warnings = (await account.messages({ RequestId: 'create' })).filter((said) => said.startsWith('WARN'))
  expect(warnings).toEqual([`WARN ${text}`])
  expect(await account.messages({ RequestId: 'create' })).toContain(
    'INFO The proxy of the embedded Elastic Beanstalk takes client_max_body_size 20M from .platform/nginx/conf.d/size.conf, proxy_read_timeout 5m from .platform/nginx/conf.d/time.conf.',
  )
  expect((await account.engineLog()).split(`[WARN] ${text}`)).toHaveLength(3)
})

test('the proxy takes a body of the size that .platform/nginx allows, and goes on doing so after a restart', async () => {
  const account = await openAccount()
  await account.version('v1', {
    ...answering('one'),
    '.platform/nginx/conf.d/size.conf': 'client_max_body_size 3m;',
  })
  await account.send('CreateEnvironment', singleInstance('v1'), 'create')
  const { CNAME, EnvironmentName } = await account.settled()
  const upload = async (megabytes: number) =>
    (await fetch(`http://${CNAME}/`, { method: 'POST', body: Buffer.alloc(megabytes * 1_048_576) })).status
  expect([await upload(3), await upload(4)]).toEqual([200, 413])
  await account.call('RestartAppServer', { EnvironmentName })
  await account.settled()
  expect([await upload(3), await upload(4)]).toEqual([200, 413])
})

test('a version without a source bundle is the sample application', async () => {
  const account = await openAccount()
  await account.call('CreateApplication', { ApplicationName: 'shop' })
  await account.call('CreateEnvironment', { ...singleInstance(''), VersionLabel: undefined })
  const environment = await account.settled()
  expect(environment).toMatchObject({ VersionLabel: 'Sample Application', HealthStatus: 'Ok' })
  expect(await (await fetch(`http://${environment.CNAME}/`)).text()).toMatch(/^Congratulations!/)
})

const missing =
  "ERROR Instance deployment: Both 'Dockerfile' and 'Dockerrun.aws.json' are missing in your source bundle. Include at least one of them. The deployment failed."

test.each<[string, Record<string, string>, string]>([
  ['nothing to run', { 'readme.md': 'hello' }, missing],
  ['a Dockerfile in lower case', { dockerfile: answering('one')['Dockerfile']! }, missing],
  ['a Dockerfile in a folder', { 'app/Dockerfile': answering('one')['Dockerfile']! }, missing],
  [
    'a Dockerrun.aws.json of version 2',
    { 'Dockerrun.aws.json': '{"AWSEBDockerrunVersion": 2}' },
    'ERROR Instance deployment: Invalid Dockerrun.aws.json version, The deployment failed.',
  ],
  [
    'an image that the runtime can’t fetch',
    {
      'Dockerrun.aws.json':
        '{"AWSEBDockerrunVersion":"1","Image":{"Name":"nginx"},"Ports":[{"ContainerPort":80}]}',
    },
    'ERROR Instance deployment failed to download the Docker image. The deployment failed.',
  ],
  [
    'a docker-compose.yml',
    { ...answering('one'), 'docker-compose.yml': 'services: {}' },
    "ERROR Instance deployment: Your source bundle has a 'docker-compose.yml' file, which the embedded Beanstalk can't run. Remove it from the bundle to deploy the 'Dockerfile' or 'Dockerrun.aws.json'. The deployment failed.",
  ],
])('a bundle with %s fails as on the platform', async (_, files, event) => {
  const { messages, environment } = await deployed(files)
  expect(messages).toContain(event)
  expect(environment).toMatchObject({ Status: 'Ready', HealthStatus: 'Degraded' })
})

test('a bundle without EXPOSE and Ports fails, and eb-engine.log says why', async () => {
  const { messages, environment, call, objects } = await deployed(withoutExpose)
  expect(messages).toContain("ERROR Instance deployment failed. For details, see 'eb-engine.log'.")
  await call('RequestEnvironmentInfo', { EnvironmentName: environment.EnvironmentName, InfoType: 'tail' })
  await expect
    .poll(async () => (await objects.list('elasticbeanstalk-us-east-1-123456789012', '')).length)
    .toBe(1)
  const [tail] = await objects.list('elasticbeanstalk-us-east-1-123456789012', '')
  expect(await readFile(tail!.path, 'utf8')).toContain(
    '[ERROR] An error occurred during execution of command [app-deploy] - [Run Docker Container]. Stop running the command. Error: no EXPOSE directive found in Dockerfile, abort deployment',
  )
})

const FILE = 0o100644
const LINK = 0o120777
const entries = (files: Record<string, string>): OddEntry[] =>
  Object.entries(files).map(([name, data]) => ({ name, data, mode: FILE }))

test('a bundle that unzip takes runs: two entries of one name, a backslash, links that lead away', async () => {
  const { environment } = await deployed(
    oddZip([
      ...entries(answering('one')),
      ...entries(answering('two')),
      { name: 'a\\b', data: 'x', mode: FILE },
      { name: 'away', data: '/etc/passwd', mode: LINK },
      { name: '.platform', data: '/', mode: LINK },
      { name: '.dockerignore', data: '/etc/passwd', mode: LINK },
    ]),
  )
  expect(environment.HealthStatus).toBe('Ok')
  expect(await (await fetch(`http://${environment.CNAME}/`)).text()).toBe('two')
})

const brokenBundle =
  "ERROR Instance deployment: Your source bundle has issues that caused the deployment to fail. For details, see 'eb-engine.log'."
const notBuilt = 'ERROR Instance deployment failed to build the Docker image. The deployment failed.'

test.each<[string, OddEntry[], string, string]>([
  [
    'a wrong checksum',
    [...entries(answering('one')), { name: 'data', data: 'x', mode: FILE, crc: 1 }],
    brokenBundle,
    '[StageApplication]. Stop running the command. Error: Command /usr/bin/unzip -q -o /opt/elasticbeanstalk/deployment/app_source_bundle -d /var/app/staging/ failed with error exit status 2. Stderr:/var/app/staging/data   bad CRC 8cdc1683  (should be 00000001)',
  ],
  [
    'backslashes of Windows',
    [...entries(answering('one')), { name: 'lib\\x.js', data: 'x', made: 0 }],
    brokenBundle,
    'failed with error exit status 1. Stderr:warning:  /opt/elasticbeanstalk/deployment/app_source_bundle appears to use backslashes as path separators',
  ],
  [
    'a directory named Dockerfile',
    [{ name: 'Dockerfile/', mode: 0o40755 }],
    notBuilt,
    'failed to read dockerfile: read Dockerfile: is a directory',
  ],
  [
    'a Dockerfile that leads out of the bundle',
    [{ name: 'Dockerfile', data: '/etc/passwd', mode: LINK }],
    notBuilt,
    'failed to read dockerfile: open Dockerfile: no such file or directory',
  ],
  [
    'a Dockerrun.aws.json that leads out of the bundle',
    [{ name: 'Dockerrun.aws.json', data: '/etc/passwd', mode: LINK }],
    'ERROR Instance deployment: Dockerrun.aws.json is not valid JSON format, The deployment failed.',
    'Dockerrun.aws.json is not valid JSON format, abort deployment',
  ],
])('a bundle with %s fails, and eb-engine.log says why', async (_, zip, event, line) => {
  const { messages, engineLog } = await deployed(oddZip(zip))
  expect(messages).toContain(event)
  expect(await engineLog()).toContain(line)
})

test('where docker would refuse the environment’s properties nothing starts, and what ran goes on', async () => {
  const account = await openAccount()
  await account.version('v1', answering('one'))
  const pem = '-----BEGIN KEY-----\nMII s3cr3t\n-----END KEY-----'
  await account.send('CreateEnvironment', singleInstance('v1'), 'create')
  await account.settled()
  const set = { EnvironmentName: 'shop-env', OptionSettings: [property('PEM', pem)] }
  await account.send('UpdateEnvironment', set, 'set')
  const environment = await account.settled()
  expect(await (await fetch(`http://${environment.CNAME}/`)).text()).toBe('one')
  expect(await account.messages({ RequestId: 'set' })).toContain(
    'ERROR Instance deployment failed to run the Docker container. The deployment failed.',
  )
  const log = await account.engineLog()
  expect(log).toContain(
    "Stderr:docker: poorly formatted environment: variable '[redacted]' contains whitespaces. See 'docker run --help'. (It is a line of the value of PEM.)",
  )
  expect(log + (await account.messages()).join()).not.toContain('s3cr3t')
})
