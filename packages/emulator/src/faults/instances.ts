import {
  InstanceFailure,
  instructions,
  NoAnswer,
  failures,
} from '../services/elasticbeanstalk/instance/failure.ts'
import type { FaultKind } from './fault.ts'

/** An image and a registry that a failure may name; nobody asks them. */
const IMAGE = '123456789012.dkr.ecr.us-east-1.amazonaws.com/shop:latest'

/** What a step of the platform's engine says when it fails on an instance. */
const failing = (name: string, does: string, failure: () => Error): FaultKind => ({
  name,
  does: `An instance’s command fails: ${does}`,
  lasting: false,
  make: () => ({
    point: 'command executing',
    verdict: async () => {
      throw failure()
    },
  }),
})

/** What goes wrong on an instance when its command is executed; texts: facts sheet §3.4 G and §6.1, and Docker's own. */
export const instanceFaults: FaultKind[] = [
  {
    name: 'command-timeout',
    does: 'An instance doesn’t answer its command in time',
    lasting: false,
    make: () => ({
      point: 'command executing',
      verdict: async () => {
        throw new NoAnswer('The instance does not answer')
      },
    }),
  },
  failing('image-pull-denied', 'the registry refuses the image', () =>
    failures.pull(
      'shop/private:latest',
      "Error response from daemon: pull access denied for shop/private, repository does not exist or may require 'docker login': denied: requested access to the resource is denied",
    ),
  ),
  failing('image-rate-limited', 'Docker Hub refuses the image, because too many were pulled', () =>
    failures.pull(
      'node:24',
      'Error response from daemon: toomanyrequests: You have reached your unauthenticated pull rate limit. https://www.docker.com/increase-rate-limit',
    ),
  ),
  failing(
    'ecr-authentication',
    'it may not sign in to the private ECR repository',
    () =>
      new InstanceFailure(
        instructions.prepare,
        'Instance deployment: The ECR service failed to authenticate your private repository. The deployment failed.',
        `failed to pull docker image: Command /bin/sh -c docker pull ${IMAGE} failed with error exit status 1. Stderr:Error response from daemon: Head "https://${IMAGE.replace('/', '/v2/').replace(':', '/manifests/')}": no basic auth credentials`,
      ),
  ),
  failing(
    'secrets-not-readable',
    'it may not read a secret',
    () =>
      new InstanceFailure(
        instructions.secrets,
        'Instance deployment failed to get one or more secrets',
        'failed to get secret: AccessDeniedException: User is not authorized to perform: secretsmanager:GetSecretValue on resource because no identity-based policy allows the secretsmanager:GetSecretValue action',
      ),
  ),
  failing('disk-full', 'its disk is full', () =>
    failures.build('failed to register layer: write /app/server.js: no space left on device'),
  ),
  failing('out-of-memory', 'the build is killed because memory runs out', () =>
    failures.build("The command '/bin/sh -c npm run build' returned a non-zero code: 137"),
  ),
]
