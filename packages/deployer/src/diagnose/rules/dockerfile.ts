import { deployOnce, type Rule, told } from '../rule.ts'

/** A Dockerfile that its builder can't make sense of: nothing of it ran. Asked only when the build has failed. */
export const UNREADABLE: Rule[] = [
  told({
    name: 'the builder can’t read the Dockerfile',
    code: 'LUC-DEPLOY-BUILD-FAILED',
    source: 'texts of docker build, BuildKit and Podman',
    texts:
      /dockerfile parse error (?:on )?(line \d+): (.+)|Build error: (Unknown instruction: "[^"]*")|building at STEP ".*": ([A-Z]+ requires .+)|(base name \(.*\) should not be blank|no FROM statement found|no stages to build|file with no instructions)/i,
    places: ['engine'],
    cause: ({ groups }) => `The builder can’t read the Dockerfile: ${reasonIn(groups)}`,
    next: ({ groups }, clues) => [
      deployOnce(`${groups[0] ?? 'the Dockerfile'} is mended`),
      // The embedded Beanstalk's own words about an engine.
      ...(/unknown instruction/i.test(reasonIn(groups)) &&
      clues.find(/knows no heredocs|has no BuildKit/, 'engine')
        ? [
            'lucree deploy   # if this is a heredoc (RUN <<EOF): it works on AWS, and here with Docker 23 or later',
          ]
        : ['docker build .   # shows the same']),
    ],
  }),
  told({
    name: 'the Dockerfile needs BuildKit',
    code: 'LUC-DEPLOY-BUILD-FAILED',
    source: 'text of docker build',
    texts: /the (--\w+) option requires BuildKit/,
    places: ['engine'],
    cause: ({ groups }) => `The Dockerfile needs BuildKit: the ${groups[0] ?? ''} option requires BuildKit`,
    next: [deployOnce('the option is gone, or the engine builds with BuildKit')],
  }),
]

/** Podman writes the instruction in quotation marks, and its whole step behind it. */
function reasonIn(groups: (string | undefined)[]): string {
  const reason = groups.slice(1).find(Boolean) ?? ''
  return reason.replace(/^Unknown instruction: "(.*)"$/, 'unknown instruction: $1')
}
