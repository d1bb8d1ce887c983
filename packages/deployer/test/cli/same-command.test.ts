import { expect, test } from 'vitest'
import { sameCommand } from '../../src/cli/same-command.ts'

test.each([
  ['--yes', 'unstick', ['--local'], 'lucree unstick --local --yes'],
  ['--yes', 'local:reset', [], 'lucree local reset --yes'],
  ['--timeout 10m', 'deploy', ['--timeout', '10', '--local'], 'lucree deploy --local --timeout 10m'],
  ['--timeout 10m', 'deploy', ['--timeout=10'], 'lucree deploy --timeout 10m'],
  [
    '--environment staging',
    'env:set',
    ['TOKEN=s3cret', '-m', 'a b'],
    "lucree env set TOKEN -m 'a b' --environment staging",
  ],
  ['--policy immutable   # one by one', 'deploy', [], 'lucree deploy --policy immutable   # one by one'],
  ['lucree status', 'deploy', ['--local'], 'lucree status'],
  ['--yes', undefined, [], '--yes'],
])('the hint %s of %s %s is %s', (hint, id, argv, whole) => {
  expect(sameCommand(hint, { id, argv })).toBe(whole)
})
