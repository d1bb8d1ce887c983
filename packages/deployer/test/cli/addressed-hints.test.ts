import { readdir } from 'node:fs/promises'
import { expect, test } from 'vitest'
import { addressed, CLOUD_COMMANDS } from '../../src/cli/addressed-hints.ts'
import { CloudCommand } from '../../src/cli/cloud-command.ts'

const to = (hint: string) => addressed(hint, (command) => `lucree ${command} --local`)

test.each([
  ['lucree status', 'lucree status --local'],
  ['lucree env set NAME   # asks for the value', 'lucree env set --local NAME   # asks for the value'],
  [
    'stops it; afterwards lucree rollback leads back',
    'stops it; afterwards lucree rollback --local leads back',
  ],
  ['lucree env get A | lucree env set B', 'lucree env get --local A | lucree env set --local B'],
  ['lucree local reset', 'lucree local reset'],
  ['lucree deploy --local', 'lucree deploy --local'],
  ['in the environment that lucree runs in', 'in the environment that lucree runs in'],
  ['which lucree keeps nowhere', 'which lucree keeps nowhere'],
])('%s → %s', (hint, there) => {
  expect(to(hint)).toBe(there)
})

test('the commands that are led somewhere are those that go to a cloud', async () => {
  const folder = `${import.meta.dirname}/../../src/commands`
  const files = (await readdir(folder, { recursive: true })).filter((file) => file.endsWith('.ts'))
  const names = await Promise.all(
    files.map(async (file) => {
      const { default: command } = (await import(`${folder}/${file}`)) as { default: typeof CloudCommand }
      return command.prototype instanceof CloudCommand ? [file.slice(0, -'.ts'.length).replace('/', ' ')] : []
    }),
  )
  expect([...CLOUD_COMMANDS].sort()).toEqual(names.flat().sort())
})
