import { readFile } from 'node:fs/promises'
import { fromBufferPromise } from 'yauzl'
import { buffer } from 'node:stream/consumers'
import { expect, test } from 'vitest'
import { openAccount, singleInstance } from './account.ts'
import { answering } from './application.ts'

const bucket = 'elasticbeanstalk-us-east-1-123456789012'

async function pulled(InfoType: 'tail' | 'bundle', files = answering('one')) {
  const account = await openAccount()
  await account.version('v1', files)
  await account.call('CreateEnvironment', singleInstance('v1'))
  const { CNAME, EnvironmentId } = await account.settled()
  const answer = await fetch(`http://${CNAME}/hello?a="b"`)
  await answer.text()
  await account.send('RequestEnvironmentInfo', { EnvironmentName: 'shop-env', InfoType }, 'logs')
  await expect.poll(() => account.messages()).toContain('INFO Pulled logs for environment instances.')
  const { EnvironmentInfo } = await account.call('RetrieveEnvironmentInfo', {
    EnvironmentName: 'shop-env',
    InfoType,
  })
  const [object] = await account.objects.list(
    bucket,
    `resources/environments/logs/${InfoType}/${EnvironmentId}/`,
  )
  return { ...account, info: EnvironmentInfo!, body: await readFile(object!.path), key: object!.key }
}

test('a tail is the last lines of every log in the platform’s layout, at a URL', async () => {
  const { info, body, key, messages } = await pulled('tail')
  const text = body.toString()
  const rule = '-'.repeat(40)
  expect(text).toContain(`${rule}\n/var/log/eb-engine.log\n${rule}\n`)
  expect(text).toMatch(
    /\d{4}\/\d\d\/\d\d \d\d:\d\d:\d\d\.\d{6} \[INFO\] Executing instruction: Run Docker Container/,
  )
  expect(text).toContain('CommandService Response: {"status":"SUCCESS","api_version":"1.0"')
  expect(text).toMatch(
    /\/var\/log\/eb-docker\/containers\/eb-current-app\/eb-[0-9a-f]{12}-stdouterr\.log\n-{40}\nlistening\n/,
  )
  const [, container] = /eb-([0-9a-f]{12})-stdouterr/.exec(text) ?? []
  expect(text).toMatch(
    new RegExp(
      `docker-events\\.log\\n-{40}\\n.* container create .*\\n\\d{4}-\\S+Z container start ${container} \\(`,
    ),
  )
  expect(text).toContain(`/var/log/nginx/access.log\n${rule}\n127.0.0.1 - - [`)
  expect(text).toMatch(/"GET \/hello\?a=\S*b\S* HTTP\/1.1" 200 3/)
  expect(info).toHaveLength(1)
  expect(info[0]).toMatchObject({ InfoType: 'tail' })
  expect(key).toContain(`/${info[0]!.Ec2InstanceId}/`)
  expect(info[0]!.Message).toContain(encodeURI(key))
  const told = (await messages({ RequestId: 'logs' })).map((message) =>
    message.replace(/i-[0-9a-f]{17}/, 'i-…'),
  )
  expect(told).toContain('INFO [Instance: i-…] Successfully finished tailing 4 log(s)')
})

test('a bundle is a zip of every log', async () => {
  const { body } = await pulled('bundle')
  const zip = await fromBufferPromise(body, { lazyEntries: true })
  const logs = new Map<string, string>()
  for await (const entry of zip.eachEntry()) {
    logs.set(entry.fileName, (await buffer(await zip.openReadStreamPromise(entry))).toString())
  }
  expect([...logs.keys()]).toContain('var/log/eb-engine.log')
  expect(logs.get('var/log/nginx/access.log')).toContain('GET /hello')
})

test('an application that takes no connection is told in nginx’s error log', async () => {
  const { body } = await pulled('tail', answering('one', { listen: 8081 }))
  expect(body.toString()).toMatch(
    /\[error\] .* connect\(\) failed \(111: Connection refused\) while connecting to upstream, .* upstream: "http:\/\/172\.17\.0\.2:8080\/hello/,
  )
})
