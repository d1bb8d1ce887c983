import { execFileSync } from 'node:child_process'
import { expect, test } from 'vitest'
import { droppedNames, tellDropped } from '../../src/config/dropped-names.ts'

const names = ['A', '_a1', 'a.b', 'my-var', '1x', 'x/y', 'x:y', 'x@y', 'x+y', 'x\\y']

test('names that are no identifiers are those that a shell drops', () => {
  expect(droppedNames(names)).toEqual(names.slice(2))
})

test.skipIf(process.platform !== 'linux')('sh of this machine drops them, where it is dash', () => {
  const env = Object.fromEntries(names.map((name) => [name, 'value']))
  const isDash = !execFileSync('/bin/sh', ['-c', 'echo "$BASH_VERSION"']).toString().trim()
  const printed = execFileSync('/bin/sh', ['-c', '/usr/bin/env; true'], { env }).toString()
  const arrived = names.filter((name) => printed.split('\n').includes(`${name}=value`))
  if (isDash) expect(arrived).toEqual(['A', '_a1'])
  else expect(arrived).toContain('A')
})

test('the warning names the variables, the shell, and a name that arrives', () => {
  expect(tellDropped(['a.b', 'my-var'], 'Dockerfile:7: CMD in shell form')).toBe(
    'a.b and my-var will not reach the application: a shell starts it (Dockerfile:7: CMD in shell form), and a shell drops names with other characters than letters, digits and _; a_b would arrive',
  )
  expect(tellDropped(['1x'], 'x')).toContain('_1x would arrive')
})
