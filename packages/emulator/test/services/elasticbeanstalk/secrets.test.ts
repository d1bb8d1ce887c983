import { readdir, readFile, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { openAccount, option, property, singleInstance } from './account.ts'
import { answering, crashing, unbuildable } from './application.ts'

const secret = 's3cr3t-token-Zq9'

async function filesWith(dir: string, text: string): Promise<string[]> {
  const entries = await readdir(dir, { recursive: true, withFileTypes: true })
  const files = entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name))
  const found = await Promise.all(
    files.map(async (file) => ((await readFile(file)).includes(text) ? [file] : [])),
  )
  return found.flat()
}

test('a property’s value is in the state file alone, whatever happens to its environment', async () => {
  const { dir, lines, ...account } = await openAccount()
  await account.version('v1', answering('one'))
  await account.version('v2', crashing())
  await account.version('v3', unbuildable())
  await account.call('CreateEnvironment', singleInstance('v1', property('TOKEN', secret)))
  const { EnvironmentId } = await account.settled()
  for (const VersionLabel of ['v2', 'v3', 'v1']) {
    await account.call('UpdateEnvironment', { EnvironmentName: 'shop-env', VersionLabel })
    await account.settled()
  }
  const tooMuch = [property('MORE', `${secret}${'x'.repeat(4096)}`)]
  const refusal = account.call('UpdateEnvironment', { EnvironmentName: 'shop-env', OptionSettings: tooMuch })
  await expect(refusal).rejects.toThrow(expect.not.stringContaining(secret) as string)
  await account.call('RequestEnvironmentInfo', { EnvironmentName: 'shop-env', InfoType: 'tail' })
  await expect.poll(() => account.messages()).toContain('INFO Pulled logs for environment instances.')
  const state = join(dir, 'elasticbeanstalk', 'environments', `${EnvironmentId}.json`)
  expect(await filesWith(dir, secret)).toEqual([state])
  expect((await stat(state)).mode & 0o777).toBe(0o600)
  expect(lines.join('\n') + (await account.messages()).join('\n')).not.toContain(secret)
  await account.call('TerminateEnvironment', { EnvironmentName: 'shop-env' })
  await account.settled()
  expect(await filesWith(dir, secret)).toEqual([])
})

test('a secret by its ARN fails the deployment, since there is nobody to fetch it from', async () => {
  const account = await openAccount()
  await account.version('v1', answering('one'))
  const arn = 'arn:aws:secretsmanager:us-east-1:123456789012:secret:token-AbCdEf'
  const setting = option('aws:elasticbeanstalk:application:environmentsecrets', 'TOKEN', arn)
  await account.send('CreateEnvironment', singleInstance('v1', setting), 'create')
  await account.settled()
  expect(await account.messages({ RequestId: 'create' })).toContain(
    'ERROR Instance deployment failed to get one or more secrets',
  )
})
