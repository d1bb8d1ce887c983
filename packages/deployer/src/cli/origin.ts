import { hostname } from 'node:os'
import type { Origin } from '../beanstalk/author.ts'

type Environment = Record<string, string | undefined>

/** Where this lucree runs: the machine, the process and, in CI, the run's page. */
export function originOf(environment: Environment, version: string): Origin {
  return { host: hostname(), pid: process.pid, ciUrl: ciUrlOf(environment), lucree: version }
}

/** Variables in which the usual CI services give the page of a run, the most exact first. */
const PAGES = ['CI_JOB_URL', 'CI_PIPELINE_URL', 'BUILDKITE_BUILD_URL', 'CIRCLE_BUILD_URL', 'BUILD_URL']

/** The page of the CI run; undefined outside of one, and for what isn't an address. Credentials in it are left out. */
export function ciUrlOf(environment: Environment): string | undefined {
  for (const page of [githubPage(environment), ...PAGES.map((name) => environment[name])]) {
    const url = page === undefined ? undefined : publicUrl(page)
    if (url) return url
  }
  return undefined
}

function githubPage(environment: Environment): string | undefined {
  const { GITHUB_SERVER_URL: server, GITHUB_REPOSITORY: repository, GITHUB_RUN_ID: run } = environment
  if (!server || !repository || !run) return undefined
  const attempt = environment['GITHUB_RUN_ATTEMPT']
  return `${server}/${repository}/actions/runs/${run}${attempt ? `/attempts/${attempt}` : ''}`
}

function publicUrl(text: string): string | undefined {
  if (!URL.canParse(text)) return undefined
  const url = new URL(text)
  if (url.protocol !== 'https:' && url.protocol !== 'http:') return undefined
  url.username = ''
  url.password = ''
  return url.href
}
