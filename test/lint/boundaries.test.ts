import { describe, expect, test } from 'vitest'
import { refusal } from '../../scripts/lint/boundaries.js'

const src = 'packages/deployer/src'

describe('the dependencies between packages', () => {
  test('the API and the emulator import nobody of this repository', () => {
    expect(refusal('packages/api/src/main.ts', '@lucree/emulator')).toMatch(/may be imported only from/)
    expect(refusal('packages/api/src/main.ts', '../../emulator/src/index.ts')).toMatch(
      /may be imported only from/,
    )
    expect(refusal('packages/emulator/src/main.ts', '../../deployer/src/errors.ts')).toMatch(
      /may be imported only from/,
    )
    expect(refusal('packages/emulator/test/http/server.test.ts', 'lucree')).toMatch(
      /may be imported only from/,
    )
  })

  test('lucree reaches the emulator from cli/local and from tests alone', () => {
    expect(refusal(`${src}/deploy/deploy.ts`, '@lucree/emulator')).toMatch(/may be imported only from/)
    expect(refusal(`${src}/cli/wire.ts`, '@lucree/emulator')).toMatch(/may be imported only from/)
    expect(refusal(`${src}/cli/local/start.ts`, '@lucree/emulator')).toBeUndefined()
    expect(refusal(`${src}/cli/local.ts`, '@lucree/emulator')).toBeUndefined()
    expect(refusal('packages/deployer/test/deploy/deploy.test.ts', '@lucree/emulator')).toBeUndefined()
  })

  test('a package imports itself, and end-to-end tests import all', () => {
    expect(refusal('packages/emulator/src/http/server.ts', '../clock.ts')).toBeUndefined()
    expect(refusal('e2e/deploy.e2e.test.ts', '../packages/deployer/src/clock.ts')).toBeUndefined()
  })
})

describe('the rooms of lucree', () => {
  test.each([
    ['commands/deploy.ts', '../deploy/deploy.ts'],
    ['commands/env/set.ts', '../../cli/base-command.ts'],
    ['commands/env/set.ts', './list.ts'],
    ['cli/wire.ts', '../aws/connect.ts'],
    ['cli/wire.ts', '../report/plain.ts'],
    ['deploy/deploy.ts', '../account/check.ts'],
    ['deploy/observe.ts', '../beanstalk/ports.ts'],
    ['aws/beanstalk.ts', '../beanstalk/ports.ts'],
    ['report/live.ts', '../deploy/progress.ts'],
    ['bundle/zip/write.ts', '../../errors.ts'],
  ])('%s may import %s', (file, specifier) => {
    expect(refusal(`${src}/${file}`, specifier)).toBeUndefined()
  })

  test.each([
    ['cli/wire.ts', '../commands/deploy.ts'],
    ['deploy/deploy.ts', '../cli/flags.ts'],
    ['deploy/deploy.ts', '../aws/connect.ts'],
    ['deploy/deploy.ts', '../report/plain.ts'],
    ['config/target.ts', '../deploy/deploy.ts'],
    ['beanstalk/events.ts', '../deploy/deploy.ts'],
    ['beanstalk/events.ts', '../aws/connect.ts'],
    ['bundle/zip/write.ts', '../../deploy/progress.ts'],
    ['diagnose/cause.ts', '../bundle/bundle.ts'],
    ['aws/beanstalk.ts', '../beanstalk/events.ts'],
    ['report/live.ts', '../deploy/result.ts'],
    ['report/live.ts', '../config/target.ts'],
    ['deploy/progress.ts', './result.ts'],
    ['errors.ts', './clock.ts'],
  ])('%s may not import %s', (file, specifier) => {
    expect(refusal(`${src}/${file}`, specifier)).toMatch(/may reach only/)
  })

  test('a new directory has to be given its place in the table first', () => {
    expect(refusal(`${src}/attic/thing.ts`, '../errors.ts')).toMatch(/stands in no room/)
  })
})
