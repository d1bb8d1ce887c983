import { expect, test } from 'vitest'
import { ciUrlOf, originOf } from '../../src/cli/origin.ts'

test('the page of the CI run is found in the variables of the usual services', () => {
  const github = {
    GITHUB_SERVER_URL: 'https://github.example',
    GITHUB_REPOSITORY: 'team/shop',
    GITHUB_RUN_ID: '77',
  }
  expect(ciUrlOf(github)).toBe('https://github.example/team/shop/actions/runs/77')
  expect(ciUrlOf({ ...github, GITHUB_RUN_ATTEMPT: '2' })).toBe(
    'https://github.example/team/shop/actions/runs/77/attempts/2',
  )
  expect(
    ciUrlOf({ CI_JOB_URL: 'https://gitlab.example/jobs/5', CI_PIPELINE_URL: 'https://gitlab.example/p/4' }),
  ).toBe('https://gitlab.example/jobs/5')
  expect(ciUrlOf({ BUILD_URL: 'http://jenkins.example/job/1/' })).toBe('http://jenkins.example/job/1/')
})

test('what isn’t a page, or carries credentials, is not passed on', () => {
  expect(ciUrlOf({})).toBeUndefined()
  expect(ciUrlOf({ BUILD_URL: 'javascript:alert(1)', CI_JOB_URL: 'not an address' })).toBeUndefined()
  expect(ciUrlOf({ CI_JOB_URL: 'https://bot:pass@gitlab.example/jobs/5' })).toBe(
    'https://gitlab.example/jobs/5',
  )
})

test('outside of CI there is the machine and the process', () => {
  expect(originOf({}, '0.1.0')).toMatchObject({ pid: process.pid, ciUrl: undefined, lucree: '0.1.0' })
})
