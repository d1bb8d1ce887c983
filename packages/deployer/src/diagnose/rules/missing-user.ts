import { deployOnce, LOGS, type Rule, told } from '../rule.ts'

/** Asked of a container that could not even begin. */
export const MISSING_USER: Rule = told({
  name: 'the user doesn’t exist',
  code: 'LUC-DEPLOY-CONTAINER-ENDED',
  source: 'text of Docker and Podman',
  texts: /unable to find user ([^\s:]+): no matching entries/,
  places: ['engine'],
  cause: ({ groups }) =>
    `The image has no user ${groups[0] ?? ''}, and the Dockerfile runs the application as that user`,
  next: [deployOnce('the Dockerfile makes the user, or USER names one of the image, such as node'), LOGS],
})
