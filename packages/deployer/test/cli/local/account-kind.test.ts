import { resolve } from 'node:path'
import { expect, test } from 'vitest'
import { accountKinds } from '../../../../emulator/src/scenario.ts'
import { ACCOUNT_KINDS, accountKind, withAccount } from '../../../src/cli/local/account-kind.ts'
import LocalStart from '../../../src/commands/local/start.ts'
import type { LocalServer } from '../../../src/cli/local/server.ts'
import { Sensitive } from '../../../src/config/sensitive.ts'

const server: LocalServer = {
  ...{ dir: '/state', url: 'http://127.0.0.1:4780', pid: 1, startedAt: '2026-11-22T00:00:00Z' },
  ...{ runtime: 'process', version: '0.1.0', region: 'us-east-1', account: 'free-plan' },
  credentials: { accessKeyId: 'AKIALUCREELOCALAAAAA', secretAccessKey: new Sensitive('s'.repeat(40)) },
}

test('the flag says which kind of account, else LUCREE_LOCAL_ACCOUNT, else nobody', () => {
  const environment = { LUCREE_LOCAL_ACCOUNT: 'full' }
  expect(accountKind('free-plan', environment)).toBe('free-plan')
  expect(accountKind(undefined, environment)).toBe('full')
  expect(accountKind(undefined, {})).toBeUndefined()
})

test('a policy file is named from where the command runs', () => {
  expect(accountKind('free-plan, narrow-permissions:rights/ci.json', {})).toBe(
    `free-plan,narrow-permissions:${resolve('rights/ci.json')}`,
  )
})

test('a running server of another kind is refused with the way out', () => {
  expect(withAccount(server, undefined)).toBe(server)
  expect(withAccount(server, 'free-plan')).toBe(server)
  expect(() => withAccount(server, 'new')).toThrow(
    expect.objectContaining({
      code: 'LUC-LOCAL-OTHER-ACCOUNT',
      hints: expect.arrayContaining([expect.stringContaining('lucree local reset')]),
    }),
  )
})

test('the help lists the kinds that the server knows, no more and no less', () => {
  expect([...ACCOUNT_KINDS].sort()).toEqual([...accountKinds].sort())
  expect(LocalStart.flags.account.description).toContain(ACCOUNT_KINDS.join(', '))
})
