import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { openAccount } from '../src/account.ts'
import { readScenario } from '../src/scenario.ts'
import { scratch } from './support/local-account.ts'

test('an account is new without a word: a default VPC, no launch configurations, administrator rights', async () => {
  expect(await readScenario('new')).toEqual({
    name: 'new',
    defaultVpc: true,
    freePlan: false,
    launchConfigurations: false,
    full: false,
    retiredPlatform: false,
    policy: undefined,
    iamDelayMs: 0,
  })
})

test('several kinds joined by a comma come together', async () => {
  const scenario = await readScenario('free-plan, no-default-vpc,iam-delay:250')
  expect(scenario).toMatchObject({ freePlan: true, defaultVpc: false, iamDelayMs: 250, full: false })
})

test('narrow permissions come from a policy file', async () => {
  const policy = { Version: '2012-10-17', Statement: [] }
  const file = join(await scratch(), 'policy.json')
  await writeFile(file, JSON.stringify(policy))
  expect(await readScenario(`narrow-permissions:${file}`)).toMatchObject({ policy })
})

test.each(['no-such', 'free-plan,', 'full:3', 'narrow-permissions:', 'constructor'])(
  'the unknown kind "%s" is refused with the known ones',
  async (text) => {
    await expect(readScenario(text)).rejects.toMatchObject({
      code: 'InvalidOption',
      message: expect.stringContaining('new, free-plan, no-default-vpc, no-launch-configurations, full'),
    })
  },
)

test('a policy file that is not there is named', async () => {
  await expect(readScenario('narrow-permissions:/nowhere/p.json')).rejects.toMatchObject({
    code: 'InvalidOption',
    message: expect.stringContaining('/nowhere/p.json'),
  })
})

test('a directory keeps the kind of account that it was made with', async () => {
  const dir = await scratch()
  await openAccount(dir, 'free-plan')
  expect((await openAccount(dir)).scenario).toMatchObject({ name: 'free-plan', freePlan: true })
  expect((await openAccount(dir, 'free-plan')).scenario.freePlan).toBe(true)
  await expect(openAccount(dir, 'no-default-vpc')).rejects.toMatchObject({
    code: 'OtherAccount',
    message: expect.stringContaining('holds the account "free-plan"'),
  })
})
