import { expect, test } from 'vitest'
import { ignoreFileNames } from '../../src/index.ts'

test('the ignore file that bears the name of the Dockerfile goes before .dockerignore', () => {
  expect(ignoreFileNames()).toEqual(['Dockerfile.dockerignore', '.dockerignore'])
  expect(ignoreFileNames('web.Dockerfile')).toEqual(['web.Dockerfile.dockerignore', '.dockerignore'])
})
