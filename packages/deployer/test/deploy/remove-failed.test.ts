import { expect, test } from 'vitest'
import { nextWithout } from '../../src/deploy/remove-failed.ts'

test('once the environment is removed no command is named that needs it', () => {
  const next = [
    ...['lucree logs', 'lucree health', 'lucree events -f', 'lucree console   # Configuration'],
    ...['lucree env list   # what it has', 'lucree unstick   # rebuilds it, after asking'],
    ...['lucree doctor', 'lucree deploy   # once the Dockerfile has EXPOSE 8080', 'lucree destroy'],
  ]
  expect(nextWithout(next)).toEqual(next.slice(-3))
})

test('a variable that it lacked is required of the next one', () => {
  expect(nextWithout(['lucree env set SALT', 'lucree env list   # what it has'])).toEqual([
    'lucree deploy   # once "env" in lucree.json has "SALT": { "required": true }: it asks for the value',
  ])
})
