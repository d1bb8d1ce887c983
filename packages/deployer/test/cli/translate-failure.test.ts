import { describe, expect, it } from 'vitest'
import { translateFailure } from '../../src/cli/translate-failure.ts'
import { Interrupted, PlatformError } from '../../src/errors.ts'

const aborted = AbortSignal.abort(new Interrupted())

describe('after Ctrl-C', () => {
  it('every failure is the interruption', () => {
    expect(translateFailure(new Error('socket hang up'), aborted)).toMatchObject({
      exitCode: 130,
      code: 'LUC-INTERRUPTED',
    })
  })

  it('what a failure knows of the state is kept', () => {
    const failure = new PlatformError('gone', {
      code: 'X',
      serving: 'v1',
      hints: ['lucree status'],
      document: { outcome: 'x' },
    })
    expect(translateFailure(failure, aborted)).toMatchObject({
      exitCode: 130,
      serving: 'v1',
      hints: ['lucree status'],
      document: { outcome: 'x' },
    })
  })
})

it('Ctrl-C at a question is an interruption', () => {
  const error = Object.assign(new Error('User force closed the prompt with SIGINT'), {
    name: 'ExitPromptError',
  })
  expect(translateFailure(error)).toMatchObject({ code: 'LUC-INTERRUPTED', exitCode: 130 })
})

it('a full disk is no bug of lucree', () => {
  const error = Object.assign(new Error('ENOSPC'), { code: 'ENOSPC', syscall: 'write', path: '/var/x' })
  expect(translateFailure(error)).toMatchObject({
    code: 'LUC-MACHINE-ENOSPC',
    exitCode: 5,
    why: 'no space is left on the device',
  })
})

it('an error that nobody foresaw is left to the bug report', () => {
  expect(translateFailure(new TypeError('x is not a function'))).toBeUndefined()
  expect(translateFailure('a string')).toBeUndefined()
})
