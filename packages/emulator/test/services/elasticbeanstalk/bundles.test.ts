import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { balanced, openAccount, singleInstance } from './account.ts'
import { answering } from './application.ts'

async function deployed(files: Record<string, string>) {
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
    '.platform/nginx/conf.d/size.conf': 'client_max_body_size 20M;',
    '.ebextensions/swap.config': 'commands: {}',
    '.ebextensions/notes.txt': 'no configuration',
  })
  await account.send('CreateEnvironment', balanced('v1', 2), 'create')
  expect((await account.settled()).HealthStatus).toBe('Ok')
  const text =
    'The embedded Elastic Beanstalk did not carry out .ebextensions/swap.config, .platform/hooks/predeploy/01-check.sh, .platform/nginx/conf.d/size.conf; AWS does.'
  const warnings = (await account.messages({ RequestId: 'create' })).filter((said) => said.startsWith('WARN'))
  expect(warnings).toEqual([`WARN ${text}`])
  const instances = join(account.dir, 'elasticbeanstalk/instances')
  for (const id of await readdir(instances)) {
    const log = await readFile(join(instances, id, 'var/log/eb-engine.log'), 'utf8')
    expect(log).toContain(`[WARN] ${text}`)
  }
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
