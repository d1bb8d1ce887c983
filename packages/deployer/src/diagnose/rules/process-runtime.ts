import { deployOnce, type Rule, told } from '../rule.ts'

/** A step that an engine follows and the embedded Beanstalk without one doesn't: `docker build` would not show it. */
export const NEEDS_ENGINE: Rule = told({
  name: 'a step of the build needs a container engine',
  code: 'LUC-DEPLOY-BUILD-FAILED',
  source: 'texts of the embedded Beanstalk',
  texts:
    /(The process runtime (?:can't|only follows) .+?)(?:[.;:] .*)?$|lucree: '([\w-]+)' needs a container: the process runtime/,
  places: ['engine'],
  cause: ({ groups: [limit, program] }) =>
    program === undefined
      ? `The Dockerfile needs a container engine: ${limit ?? ''}`
      : `The Dockerfile needs a container engine: it calls ${program}, and the process runtime has no system of its own`,
  next: [
    'lucree local stop && lucree local start --runtime docker   # with Docker or Podman running; then: lucree deploy',
    deployOnce('the Dockerfile does without it'),
  ],
})
