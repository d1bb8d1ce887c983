import type { Clues, Place } from '../clues.ts'
import { deployOnce, EVENTS, LOGS, type Rule, told } from '../rule.ts'
import { buildLines, engineLines } from './build.ts'
import { instanceOf } from './instance.ts'

const SAID: Place[] = ['event', 'refusal', 'cause']
/** The rule of a stack that takes no change any more; one that could not be made has the same code and another way out. */
export const BROKEN_STACK = 'the stack is broken'

/** Beanstalk itself refuses, or is in a state that no bundle brought about. */
export const PLATFORM: Rule[] = [
  told({
    name: 'the version label is taken',
    code: 'LUC-DEPLOY-VERSION-EXISTS',
    source: 'facts §3.2, §6.1 row 17',
    texts: /Application Version (\S+) already exists/i,
    places: SAID,
    cause: ({ groups }) => `There is a version ${groups[0]} already, with other content`,
    next: ['lucree deploy', 'lucree deploy --version LABEL   # deploys what is there'],
  }),
  told({
    name: 'the account has too many versions',
    code: 'LUC-DEPLOY-TOO-MANY-VERSIONS',
    source: 'facts §3.2, §6.1 row 18',
    texts: /cannot have more than (\d+) Application Versions|TooManyApplicationVersions/i,
    places: SAID,
    cause: ({ groups }) =>
      `The account has as many application versions as it may have in this region${groups[0] ? ` (${groups[0]})` : ''}`,
    next: [
      'aws elasticbeanstalk describe-application-versions --query "ApplicationVersions[].[ApplicationName,VersionLabel]" --output text',
      'lucree doctor',
    ],
  }),
  told({
    name: 'the platform version is retired',
    code: 'LUC-DEPLOY-PLATFORM-RETIRED',
    source: 'facts §1.2, §6.1 row 19',
    texts: /No Solution Stack named '([^']+)' found|No Platform named '([^']+)' found/i,
    places: SAID,
    cause: ({ groups }) => `AWS has retired the platform version ${groups.find(Boolean)}`,
    next: ['lucree deploy   # takes the newest version of the branch', 'lucree doctor'],
  }),
  told({
    name: BROKEN_STACK,
    code: 'LUC-DEPLOY-STACK-FAILED',
    source: 'facts §6 story 27, §6.1 row 29',
    texts: /The stack .* associated with environment .* is in (\w+) state|is in (\w*ROLLBACK_FAILED) state/i,
    places: SAID,
    cause: ({ groups }) =>
      `The environment’s CloudFormation stack is in the state ${groups.find(Boolean)}, in which nothing can be changed`,
    next: ['lucree unstick   # rebuilds it, after asking', 'lucree destroy   # then: lucree deploy'],
  }),
  told({
    name: 'the termination hangs',
    code: 'LUC-DEPLOY-TERMINATION-HANGS',
    source: 'facts §6 story 28, §6.1 row 30',
    texts:
      /(sg-[0-9a-f]+)\)? has a dependent object|DependencyViolation|security group .*(?:referenced|in use)/i,
    places: SAID,
    cause: ({ groups }) =>
      `The environment’s security group${groups[0] ? ` ${groups[0]}` : ''} can’t be removed: a rule of another group names it`,
    next: ({ groups }) => [
      `aws ec2 describe-security-groups --filters Name=ip-permission.group-id,Values=${groups[0] ?? 'sg-…'}   # whose rule it is`,
      'lucree destroy',
    ],
  }),
  told({
    name: 'the address isn’t free',
    code: 'LUC-DEPLOY-DNS-TAKEN',
    source: 'facts §3.2, §6.1 row 28',
    texts: /DNS name \(?([\w.-]+)\)? is not available/i,
    places: SAID,
    cause: ({ groups }) => `The address ${groups[0]} is taken, or was freed a moment ago and isn’t free yet`,
    next: ['lucree deploy   # again in some minutes'],
  }),
  told({
    name: 'another change is under way',
    code: 'LUC-DEPLOY-BUSY',
    source: 'facts §3.2, §6.1 row 20',
    texts: /is in an invalid state for this operation|Must be Ready|OperationInProgress/i,
    places: SAID,
    cause: 'Another change of the environment is under way, and Beanstalk takes one at a time',
    next: ['lucree events -f', 'lucree abort   # stops it, if it is an update'],
  }),
  told({
    name: 'the command timed out',
    code: 'LUC-DEPLOY-COMMAND-TIMEOUT',
    source: 'facts §3.4 I, §6.1 row 11',
    texts: /have not responded in the allowed command timeout|\bTimedOut: [1-9]|command timed? ?out/i,
    places: ['event', 'cause', 'engine'],
    cause: (_, clues) => overtime(clues),
    next: [
      deployOnce('"build" in lucree.json compiles the application here, so that the instance has less to do'),
      LOGS,
      'lucree deploy   # once "instanceType" in lucree.json is a larger one',
    ],
    show: (clues, { line }) => [line, ...buildLines(clues).slice(-8)],
  }),
]

/** What may have a better explanation in what the application says: asked after that. */
export const AFTERMATH: Rule[] = [
  {
    name: 'the command didn’t end',
    code: 'LUC-DEPLOY-COMMAND-TIMEOUT',
    source: 'facts §1.8 (every command ends with a CommandService Response)',
    find: (clues) => {
      const lines = clues.lines('engine')
      const begun = lines.findLastIndex((line) => /Engine received EB command/.test(line))
      if (begun < 0 || lines.slice(begun).some((line) => /CommandService Response/.test(line)))
        return undefined
      return {
        cause: overtime(clues),
        confidence: 'likely',
        evidence: engineLines(clues).slice(-8),
        next: [
          LOGS,
          deployOnce(
            '"build" in lucree.json compiles the application here, so that the instance has less to do',
          ),
        ],
      }
    },
  },
  told({
    name: 'the stack could not be made',
    code: 'LUC-DEPLOY-STACK-FAILED',
    source: 'facts §2.4',
    texts:
      /Stack named '([^']+)' aborted operation\. Current state: '(\w+)'|(?:Creating|Updating) [\w ]+ failed Reason: (.+)/i,
    places: ['event'],
    cause: ({ groups }) =>
      groups[2]
        ? `CloudFormation could not make what the environment needs: ${groups[2].slice(0, 160).replace(/\.$/, '')}`
        : `The environment’s CloudFormation stack ended in the state ${groups[1]}`,
    next: [EVENTS, 'lucree destroy   # then: lucree deploy'],
    show: (clues) => clues.errors.slice(0, 6),
  }),
]

/** A broken-off deployment may leave this behind, whatever broke it off: asked when nothing else tells, and true only of instances that differ. */
export const MIXED_VERSIONS: Rule = told({
  name: 'instances run different versions',
  code: 'LUC-DEPLOY-MIXED-VERSIONS',
  source: 'facts §0 7, §3.4 G',
  texts: /Incorrect application version found|some instances may have deployed the new application version/i,
  places: ['cause', 'event'],
  when: differ,
  cause: 'The deployment was broken off, and not every instance runs the same version',
  next: [
    'lucree unstick   # brings all of them to the last version that worked',
    'lucree deploy   # brings all of them to this one',
  ],
})

/** At least two instances of which one runs what another doesn't: by their own words, or by the count that enhanced health gives. */
function differ(clues: Clues): boolean {
  const [some, all] =
    clues.find(/Incorrect application version found on (\d+) out of (\d+)/i, 'cause', 'event')?.groups ?? []
  if (some !== undefined) return Number(some) > 0 && Number(some) < Number(all)
  const told = (clues.fleet ?? []).filter(({ version }) => version !== undefined)
  const running = told.filter(({ deploymentStatus }) => /^deployed$/i.test(deploymentStatus ?? ''))
  const runs = new Set(running.map(({ version }) => version))
  return runs.size > 1 || told.some((one) => !running.includes(one) && runs.has(one.version))
}

const STUCK = ['lucree events -f', 'lucree unstick   # waits, and leads it back when it is stuck']

/** Nothing has failed, and nothing has ended: asked last. */
export const UNENDED: Rule[] = [
  {
    name: 'no events come',
    code: 'LUC-DEPLOY-STILL-UNDER-WAY',
    source: 'facts §3.1; issue 4, show 5',
    find: (clues) =>
      underWay(clues) && clues.silent
        ? {
            cause: `The environment is still ${clues.environment?.status}, and Beanstalk says nothing of why`,
            confidence: 'certain',
            evidence: [
              ...clues.lines('activity', 4),
              ...clues.lines('cause', 4),
              ...clues.lines('engine', 4),
            ],
            next: STUCK,
          }
        : undefined,
  },
  {
    name: 'the environment stays under way',
    code: 'LUC-DEPLOY-STILL-UNDER-WAY',
    source: 'facts §3.1; issue 4, show 5',
    find: (clues) =>
      underWay(clues)
        ? {
            cause: `The environment is still ${clues.environment?.status}`,
            confidence: 'certain',
            evidence: [...clues.errors.slice(0, 4), ...clues.lines('cause', 4), ...clues.lines('engine', 4)],
            next: STUCK,
          }
        : undefined,
  },
  {
    name: 'health stays Grey',
    code: 'LUC-DEPLOY-STILL-GREY',
    source: 'facts §3.1 (Pending, Unknown, NoData and Suspended are Grey)',
    find: (clues) =>
      clues.environment?.health === 'Grey' && clues.errors.length === 0
        ? {
            cause:
              'The environment is Ready, and Beanstalk knows nothing of its health: its instances send no reports',
            confidence: 'certain',
            evidence: [...clues.lines('cause', 6), ...clues.lines('activity', 4)],
            next: ['lucree health', 'lucree unstick   # leads it back to where it works', LOGS],
          }
        : undefined,
  },
]

function underWay({ environment }: Clues): boolean {
  return environment !== undefined && !/^(Ready|Terminated)$/.test(environment.status)
}

/** What the instance was at when its time was over: a step behind the command that it was given last. */
function overtime(clues: Clues): string {
  const engine = clues.lines('engine')
  const given = engine.slice(engine.findLastIndex((line) => /Engine received EB command/.test(line)) + 1)
  const lastOf = (step: RegExp) =>
    given.flatMap((line) => step.exec(line)?.slice(1).find(Boolean) ?? []).at(-1)
  const at =
    lastOf(/> \[[^\]]*\d+\/\d+\] (.{1,80})|Step \d+\/\d+ : (.{1,80})/) ??
    lastOf(/Executing instruction: (.{1,80})/)
  return `The instance was not done in the time that Beanstalk gives a command${at ? `; its last step was ${at}` : ''}. Builds are slow, or run out of memory, on ${instanceOf(clues)}`
}
