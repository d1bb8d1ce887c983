import { expect, test } from 'vitest'
import { lanes } from '../../scripts/lanes.mjs'
import config from '../../vitest.config.ts'

test('every kind of test has a lane that runs it, and every lane of tests has its kind', () => {
  const { projects = [] } = config.test ?? {}
  const kinds = projects.map((project) => (project as { test: { name: string } }).test.name)
  const ofTests = lanes.filter(({ suffix }) => suffix !== undefined).map(({ name }) => name)
  expect(ofTests.sort()).toEqual(kinds.sort())
})
