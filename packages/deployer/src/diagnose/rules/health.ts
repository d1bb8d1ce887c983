import type { Clues } from '../clues.ts'
import { deployOnce, LOGS, type Rule, told } from '../rule.ts'
import { outputOf } from './output.ts'

const FREE_PATH = '"healthCheck" in lucree.json names a path that answers 200 without a token'

/** The application answers, and not as it should. */
export const HEALTH: Rule[] = [
  told({
    name: 'the application checks the host name',
    code: 'LUC-DEPLOY-HOST-CHECK',
    source: 'facts §6 story 33, §6.1 row 24; texts of Django, Rails, webpack and Vite',
    texts:
      /DisallowedHost|Invalid HTTP_HOST header:? ?'?([\w.:-]+)?|Blocked hosts?:? ?([\w.:-]+)?|Invalid Host header|HostAuthorization/i,
    places: ['output', 'target', 'cause'],
    when: (clues) => failsWith(clues, /^4\d\d$/) || clues.answer === undefined,
    confidence: 'certain',
    cause: ({ groups }) =>
      `The application refuses requests by their Host header${groups.find(Boolean) ? ` (${groups.find(Boolean)})` : ''}, and health checks come with the instance’s own address`,
    next: [
      deployOnce('the health-check path answers whatever the Host header is (Django: ALLOWED_HOSTS)'),
      LOGS,
    ],
  }),
  {
    name: 'the health-check path is refused',
    code: 'LUC-DEPLOY-HEALTH-CHECK',
    source: 'facts §6.1 row 24; reasons of Elastic Load Balancing',
    find: (clues) => {
      const status = answeredWith(clues)
      const path = pathOf(clues)
      const say = (cause: string, mended: string) => ({
        cause,
        confidence: 'certain' as const,
        evidence: [...shownAnswer(clues), ...outputOf(clues, undefined, 8)],
        next: [deployOnce(mended), LOGS],
      })
      if (status === 401 || status === 403) {
        return say(
          `The application asks for credentials on ${path} (${status}), and health checks have none`,
          FREE_PATH,
        )
      }
      if (status === 404) return say(`The application has nothing at ${path} (404)`, FREE_PATH)
      if (status !== undefined && status >= 300 && status < 400) {
        return say(
          `The application answers ${status} on ${path}, a redirect, and the load balancer wants 200`,
          FREE_PATH,
        )
      }
      return status !== undefined && status >= 400 && status < 500
        ? say(`The application answers ${status} on ${path}`, FREE_PATH)
        : undefined
    },
  },
  {
    name: 'the application answers with an error',
    code: 'LUC-DEPLOY-ANSWER',
    source: 'facts §3.4, §6 story 29; enhanced health (HTTP 5xx)',
    find: (clues) => {
      const status = answeredWith(clues)
      if (status === undefined || status < 500) return undefined
      return {
        cause: `The application answers ${status} on ${pathOf(clues)}`,
        confidence: 'certain',
        evidence: [...shownAnswer(clues), ...outputOf(clues, undefined, 8)],
        next: [LOGS, deployOnce(`${pathOf(clues)} answers 200`)],
      }
    },
  },
  told({
    name: 'targets don’t answer in time',
    code: 'LUC-DEPLOY-SLOW-ANSWER',
    source: 'reasons of Elastic Load Balancing (Target.Timeout)',
    texts: /Target\.Timeout|Request timed out/i,
    places: ['target'],
    cause: (_, clues) => `The load balancer gets no answer from ${pathOf(clues)} in time`,
    next: [LOGS, deployOnce('the path of "healthCheck" in lucree.json waits for nothing')],
  }),
  told({
    name: 'targets fail their health checks',
    code: 'LUC-DEPLOY-HEALTH-CHECK',
    source: 'reasons of Elastic Load Balancing (Target.FailedHealthChecks)',
    texts:
      /Target\.FailedHealthChecks|Health checks failed|ELB health is failing|not available on any of the instances/i,
    places: ['target', 'cause', 'event'],
    cause: (_, clues) => `No instance passes the load balancer’s check of ${pathOf(clues)}`,
    next: [LOGS, 'lucree health', deployOnce(FREE_PATH)],
  }),
  told({
    name: 'requests fail by enhanced health',
    code: 'LUC-DEPLOY-ANSWER',
    source: 'facts §6.1 row 24 (enhanced health’s causes)',
    texts: /([\d.]+) ?% of the requests (?:to the ELB )?are (?:failing|erroring) with HTTP ([45])xx/i,
    places: ['cause', 'event'],
    cause: ({ groups }) => `${groups[0]} % of the requests are answered with HTTP ${groups[1]}xx`,
    next: [LOGS, 'lucree health'],
    show: (clues, { line }) => [line, ...outputOf(clues, undefined, 10)],
  }),
]

/** The status that the application itself gave, or that the load balancer was given. */
function answeredWith(clues: Clues): number | undefined {
  const { answer } = clues
  if (answer?.status !== undefined && !clues.unanswered) {
    // A guarded application may refuse `/` and be well (`beanstalk/health.ts`); the old version may be the one that answers.
    if (answer.status >= 500 || (answer.status >= 400 && pathOf(clues) !== '/')) return answer.status
  }
  const code = clues.targetCode
  return code === undefined ? undefined : Number(code)
}

function failsWith(clues: Clues, status: RegExp): boolean {
  return status.test(String(answeredWith(clues) ?? ''))
}

function pathOf({ answer }: Clues): string {
  return answer && URL.canParse(answer.url) ? new URL(answer.url).pathname : 'the health-check path'
}

/** The answer as a line: an application says more in it than in its log. */
function shownAnswer(clues: Clues): string[] {
  const { answer } = clues
  const targets = clues.lines('target', 3)
  if (answer?.status === undefined || answer.status < 400) return targets
  const body = answer.body
    ?.replace(/<[^>]*>/g, ' ')
    .replace(/\s+/g, ' ')
    .trim()
  return [`${answer.url} answers ${answer.status}${body ? `: ${body.slice(0, 200)}` : ''}`, ...targets]
}
