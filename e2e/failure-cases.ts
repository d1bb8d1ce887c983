import { ANY, DEPLOY, type FailureCase } from './failure-case.ts'
import { atStart, unreachable } from './failure-cases-of-applications.ts'
import { DOCKERFILE } from './failure-app.ts'

/** Refused before anything is made: what the service would only tell after minutes. */
const refused: FailureCase[] = [
  {
    failure: '1 no Dockerfile',
    files: { Dockerfile: undefined },
    exit: 4,
    code: 'LUC-SOURCE-NO-DOCKERFILE',
    cause: /Dockerfile/,
    next: ANY,
  },
  {
    failure: '2 no EXPOSE',
    files: { Dockerfile: DOCKERFILE('CMD ["node", "server.js"]') },
    exit: 4,
    code: 'LUC-SOURCE-NO-PORT',
    cause: /EXPOSE/,
    next: ANY,
  },
  {
    failure: '3 COPY of what isn’t in the bundle',
    files: { Dockerfile: DOCKERFILE('COPY dist ./', 'EXPOSE 8080', 'CMD ["node", "server.js"]') },
    exit: 4,
    code: 'LUC-SOURCE-COPY',
    cause: /dist/,
    next: ANY,
  },
  {
    failure: '7 compose file beside Dockerrun',
    files: { 'docker-compose.yml': 'services: {}\n' },
    exit: 4,
    code: 'LUC-SOURCE-COMPOSE',
    cause: /docker-compose\.yml/,
    next: ANY,
  },
  {
    failure: '9 Dockerrun of another version',
    files: { 'Dockerrun.aws.json': '{ "AWSEBDockerrunVersion": 2, "containerDefinitions": [] }\n' },
    exit: 4,
    code: 'LUC-SOURCE-DOCKERRUN',
    cause: /version|2/i,
    next: ANY,
  },
  {
    failure: '13 no default VPC',
    account: 'no-default-vpc',
    exit: 4,
    code: 'LUC-ACCOUNT-NO-VPC',
    cause: /network|default VPC/,
    next: /--create-default-vpc/,
    mend: { words: ['--create-default-vpc'] },
  },
  {
    failure: '14 a type that the free plan hasn’t',
    account: 'free-plan',
    environment: { instanceType: 'm5.large' },
    exit: 7,
    code: 'LUC-DEPLOY-FREE-PLAN',
    evidence: /not eligible for Free Tier/,
    cause: /m5\.large/,
    next: ANY,
  },
]

const inBuild: FailureCase[] = [
  {
    failure: '3 RUN fails',
    files: {
      Dockerfile: DOCKERFILE('RUN node -e "console.log(\'no routes\'); process.exit(2)"', 'EXPOSE 8080'),
    },
    exit: 7,
    code: 'LUC-DEPLOY-BUILD-FAILED',
    cause: /exit code 2/,
    evidence: /no routes|exit code: 2/,
    next: DEPLOY,
  },
  {
    failure: '3 npm ci without a lock file',
    files: {
      'package.json': '{ "name": "locked", "version": "1.0.0" }',
      Dockerfile: DOCKERFILE('RUN npm ci', 'EXPOSE 8080'),
    },
    exit: 7,
    code: 'LUC-DEPLOY-BUILD-FAILED',
    cause: /lock file/,
    evidence: /npm ci/,
    next: DEPLOY,
  },
  {
    failure: '3 RUN of a program that isn’t there',
    files: { Dockerfile: DOCKERFILE('RUN tsc-that-is-missing', 'EXPOSE 8080') },
    exit: 7,
    code: 'LUC-DEPLOY-BUILD-FAILED',
    cause: /exit code 127/,
    evidence: /tsc-that-is-missing/,
    next: DEPLOY,
  },
  {
    failure: '3 RUN fails on an environment that worked',
    worked: true,
    files: { Dockerfile: DOCKERFILE('RUN exit 3', 'EXPOSE 8080') },
    exit: 6,
    code: 'LUC-DEPLOY-BUILD-FAILED',
    cause: /exit code 3/,
    evidence: /exit code: 3/,
    next: DEPLOY,
  },
]

const armed = (
  failure: string,
  fault: string,
  code: string,
  cause: RegExp,
  evidence: RegExp,
  more: Partial<FailureCase> = {},
): FailureCase => ({
  failure,
  fault,
  code: `LUC-DEPLOY-${code}`,
  cause,
  evidence,
  exit: 7,
  next: ANY,
  ...more,
})

const onInstance: FailureCase[] = [
  armed('3 the build is out of memory', 'out-of-memory', 'BUILD-MEMORY', /memory/, /137/),
  armed('5 ECR doesn’t let the instance in', 'ecr-authentication', 'IMAGE-ECR', /ECR/, /basic auth|ECR/),
  armed('6 the image is private or misspelt', 'image-pull-denied', 'IMAGE-PULL', /shop\/private/, /denied/),
  armed(
    '6 the image is private, where it worked',
    'image-pull-denied',
    'IMAGE-PULL',
    /shop\/private/,
    /denied/,
    {
      worked: true,
      exit: 6,
    },
  ),
  armed('7 Docker Hub’s pull limit', 'image-rate-limited', 'IMAGE-PULL', /Docker Hub/, /toomanyrequests/),
  armed('21 a secret may not be read', 'secrets-not-readable', 'SECRETS', /secret/, /secret/),
  armed(
    '21 a secret may not be read, where it worked',
    'secrets-not-readable',
    'SECRETS',
    /secret/,
    /secret/,
    {
      worked: true,
      exit: 6,
    },
  ),
  armed('31 the disk is full', 'disk-full', 'DISK-FULL', /disk/, /no space left/),
  armed('10 the command times out', 'command-timeout', 'COMMAND-TIMEOUT', /time/, /allowed command timeout/),
  armed(
    '10 the command times out, where it worked',
    'command-timeout',
    'COMMAND-TIMEOUT',
    /time/,
    /timeout/,
    {
      worked: true,
      exit: 6,
    },
  ),
  armed(
    '29 the stack is broken',
    'stack-failed',
    'STACK-FAILED',
    /UPDATE_ROLLBACK_FAILED/,
    /UPDATE_ROLLBACK/,
    {
      worked: true,
      exit: 6,
    },
  ),
]

const launching: FailureCase[] = [
  armed('the zone has no capacity', 'insufficient-capacity', 'CAPACITY', /no t3\.\w+ left/, /Insufficient/),
  armed('the vCPU quota is used up', 'vcpu-limit', 'VCPU-QUOTA', /quota/, /VcpuLimitExceeded/),
  armed(
    '15 a private subnet',
    'instances-cannot-communicate',
    'NO-WAY-OUT',
    /way out/,
    /failed to communicate/,
  ),
]

/** Every failure that is named end to end. */
export const CASES: FailureCase[] = [
  ...refused,
  ...inBuild,
  ...onInstance,
  ...launching,
  ...atStart,
  ...unreachable,
]
