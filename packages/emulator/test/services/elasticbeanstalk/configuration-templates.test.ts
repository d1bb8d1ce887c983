import { expect, test } from 'vitest'
import { openAccount, option, property, singleInstance } from './account.ts'
import { answering } from './application.ts'

const asg = 'aws:autoscaling:asg'
const shop = { ApplicationName: 'shop' }

async function running() {
  const account = await openAccount()
  await account.version('v1', answering('one '))
  await account.call('CreateEnvironment', singleInstance('v1', property('GREETING', 'hi')))
  const { CNAME, EnvironmentId } = await account.settled()
  return { ...account, EnvironmentId, ask: async () => (await fetch(`http://${CNAME}/`)).text() }
}

const valueIn = (
  settings: { Namespace?: string; OptionName?: string; Value?: string }[] | undefined,
  name: string,
) => settings?.find(({ OptionName }) => OptionName === name)?.Value

test('an environment’s settings are saved under a name and launch another environment', async () => {
  const { EnvironmentId, ...account } = await running()
  const OptionSettings = [property('GREETING', 'saved')]
  const made = await account.call('CreateConfigurationTemplate', {
    ...shop,
    TemplateName: 'tidy',
    EnvironmentId,
    OptionSettings,
    Description: 'as of today',
  })
  expect(made).toMatchObject({ TemplateName: 'tidy', Description: 'as of today', ApplicationName: 'shop' })
  expect(made.EnvironmentName).toBeUndefined()
  expect(valueIn(made.OptionSettings, 'GREETING')).toBe('saved')
  expect((await account.call('DescribeApplications', {})).Applications![0]!.ConfigurationTemplates).toEqual([
    'tidy',
  ])
  const again = { ...shop, EnvironmentName: 'second-env', VersionLabel: 'v1', TemplateName: 'tidy' }
  await account.call('CreateEnvironment', again)
  const { CNAME } = await account.settled('second-env')
  expect(await (await fetch(`http://${CNAME}/`)).text()).toBe('one saved')
})

test('a saved configuration takes the place of the environment’s own', async () => {
  const { EnvironmentId, ask, ...account } = await running()
  await account.call('CreateConfigurationTemplate', { ...shop, TemplateName: 'bare', EnvironmentId })
  const OptionsToRemove = [
    { Namespace: 'aws:elasticbeanstalk:application:environment', OptionName: 'GREETING' },
  ]
  const changed = await account.call('UpdateConfigurationTemplate', {
    ...shop,
    TemplateName: 'bare',
    OptionsToRemove,
  })
  expect(valueIn(changed.OptionSettings, 'GREETING')).toBeUndefined()
  await account.call('UpdateEnvironment', { EnvironmentName: 'shop-env', TemplateName: 'bare' })
  expect(await account.settled()).toMatchObject({ HealthStatus: 'Ok' })
  expect(await ask()).toBe('one ')
})

test('a template is described, copied and deleted; the environments made with it stay', async () => {
  const account = await openAccount()
  await account.call('CreateApplication', shop)
  const SolutionStackName = '64bit Amazon Linux 2023 v4.13.8 running Docker'
  const from = {
    ...shop,
    TemplateName: 'base',
    SolutionStackName,
    OptionSettings: [option(asg, 'MaxSize', '2')],
  }
  await account.call('CreateConfigurationTemplate', from)
  const SourceConfiguration = { ApplicationName: 'shop', TemplateName: 'base' }
  await account.call('CreateConfigurationTemplate', { ...shop, TemplateName: 'copy', SourceConfiguration })
  const { ConfigurationSettings } = await account.call('DescribeConfigurationSettings', {
    ...shop,
    TemplateName: 'copy',
  })
  expect(ConfigurationSettings).toHaveLength(1)
  expect(valueIn(ConfigurationSettings![0]!.OptionSettings, 'MaxSize')).toBe('2')
  await account.call('DeleteConfigurationTemplate', { ...shop, TemplateName: 'copy' })
  await expect(
    account.call('DescribeConfigurationSettings', { ...shop, TemplateName: 'copy' }),
  ).rejects.toMatchObject({
    code: 'InvalidParameterValue',
    message: "No Configuration Template named 'copy' found.",
  })
  await expect(account.call('CreateConfigurationTemplate', from)).rejects.toMatchObject({
    message: 'Configuration Template base already exists.',
  })
  await expect(
    account.call('CreateConfigurationTemplate', {
      ...from,
      TemplateName: 'bad',
      OptionSettings: [option(asg, 'MaxSize', 'x')],
    }),
  ).rejects.toMatchObject({ code: 'ConfigurationValidationException' })
  await expect(
    account.call('CreateEnvironment', {
      ...shop,
      EnvironmentName: 'shop-env',
      TemplateName: 'base',
      SolutionStackName,
    }),
  ).rejects.toMatchObject({ code: 'InvalidParameterCombination' })
})

test('there is never a draft of a configuration to delete', async () => {
  const account = await running()
  await account.call('DeleteEnvironmentConfiguration', { ...shop, EnvironmentName: 'shop-env' })
  await expect(
    account.call('DeleteEnvironmentConfiguration', { ...shop, EnvironmentName: 'none-env' }),
  ).rejects.toMatchObject({ message: "No Environment found for EnvironmentName = 'none-env'." })
})
