import type { Confidence, Evidence } from '../../src/diagnose/evidence.ts'
import {
  activity,
  answered,
  badGateway,
  build,
  died,
  ended,
  ENDED_EVENT,
  engine,
  error,
  failedDeploy,
  hooks,
  kernel,
  listening,
  nginx,
  output,
  pull,
  refusedBy,
  target,
  warning,
} from './logs.ts'

/** A failure as it is met, and what has to be said of it. */
export interface Story {
  story: string
  seen: Partial<Evidence>
  code: string
  cause: RegExp
  /** `certain` when it isn't said. */
  confidence?: Confidence
  /** Only an event or a refused call tells it: no log does. */
  toldByEvents?: true
}

const BUILD_EVENT = error('Instance deployment failed to build the Docker image. The deployment failed.')
const PULL_EVENT = error('Instance deployment failed to download the Docker image. The deployment failed.')
const events = (...first: Evidence['events']) => [...first, ...failedDeploy]
const inBuild = (story: string, code: string, cause: RegExp, ...lines: string[]): Story => ({
  story,
  code: `LUC-DEPLOY-${code}`,
  cause,
  seen: { events: events(BUILD_EVENT), logs: [build(...lines)] },
})
const inPull = (story: string, code: string, cause: RegExp, image: string, words: string): Story => ({
  story,
  code: `LUC-DEPLOY-${code}`,
  cause,
  seen: { events: events(PULL_EVENT), logs: [pull(image, words)] },
})
const atStart = (
  story: string,
  cause: RegExp,
  confidence: Confidence,
  logs: Evidence['logs'],
  code = 'CONTAINER-ENDED',
): Story => ({
  story,
  code: `LUC-DEPLOY-${code}`,
  cause,
  confidence,
  seen: { events: events(ENDED_EVENT), logs: [ended(), ...logs] },
})
const NOT_BEGUN = events(
  error('Instance deployment failed to run the Docker container. The deployment failed.'),
)
const notBegun = (reason: string) =>
  engine(
    [],
    `[Run Docker Container]. Stop running the command. Error: failed to run docker container: ${reason}`,
  )
const unpacking = (story: string, cause: RegExp, status: number, words: string): Story => ({
  ...{ story, cause, code: 'LUC-DEPLOY-BUNDLE' },
  seen: {
    events: events(
      error(
        "Instance deployment: Your source bundle has issues that caused the deployment to fail. For details, see 'eb-engine.log'.",
      ),
    ),
    logs: [
      engine(
        [],
        `[StageApplication]. Stop running the command. Error: Command /usr/bin/unzip -q -o /opt/elasticbeanstalk/deployment/app_source_bundle -d /var/app/staging/ failed with error exit status ${status}. Stderr:${words}`,
      ),
    ],
  },
})
const bySaying = (story: string, code: string, cause: RegExp, message: string): Story => ({
  story,
  code: `LUC-DEPLOY-${code}`,
  cause,
  seen: { events: [error(message)] },
  toldByEvents: true,
})
const noInstance = (story: string, code: string, cause: RegExp, message: string): Story => ({
  story,
  code: `LUC-DEPLOY-${code}`,
  cause,
  seen: { activities: [activity(message)], environment: { status: 'Launching', health: 'Grey' } },
})

export const ABORTED =
  'During an aborted deployment, some instances may have deployed the new application version. To ensure all instances are running the same version, re-deploy the appropriate application version.'

/** Facts sheet §6 (33 stories and table 6.1) and peers §6. What lucree prevents beforehand is here too: another tool may have made it. */
export const STORIES: Story[] = [
  {
    story: '1 the Dockerfile is missing',
    code: 'LUC-DEPLOY-NO-DOCKERFILE',
    cause: /neither a Dockerfile/,
    seen: {
      events: events(
        error(
          "Instance deployment: Both 'Dockerfile' and 'Dockerrun.aws.json' are missing in your source bundle. Include at least one of them. The deployment failed.",
        ),
      ),
      logs: [
        engine(
          [],
          "[Docker Specific Build Application]. Stop running the command. Error: Both 'Dockerfile' and 'Dockerrun.aws.json' are missing in your source bundle, abort deployment",
        ),
      ],
    },
  },
  unpacking(
    'a bundle of Windows',
    /backslashes/,
    1,
    'warning:  /opt/elasticbeanstalk/deployment/app_source_bundle appears to use backslashes as path separators',
  ),
  unpacking(
    'a bundle that is damaged',
    /damaged: the checksum of lib\/x\.js is wrong/,
    2,
    '/var/app/staging/lib/x.js     bad CRC 8cdc1683  (should be 00000001)',
  ),
  unpacking(
    'a bundle that was cut off',
    /isn’t a zip, or a part of it is missing/,
    9,
    '  End-of-central-directory signature not found.  Either this file is not',
  ),
  unpacking('a bundle that unzip doesn’t take', /could not unpack/, 50, 'error:  cannot create it'),
  ...[
    {
      story: 'docker refuses the properties, by the embedded Beanstalk',
      cause: /PEM has a value of several lines/,
      reason:
        "Command /bin/sh -c docker run -d --env-file /opt/elasticbeanstalk/deployment/env.list aws_beanstalk/staging-app failed with error exit status 125. Stderr:docker: poorly formatted environment: variable '[redacted]' contains whitespaces. See 'docker run --help'. (It is a line of the value of PEM.)",
    },
    {
      story: 'docker refuses the properties, by docker 28',
      cause: /one has a value of several lines/,
      reason:
        "docker: invalid env file (/opt/elasticbeanstalk/deployment/env.list): variable 'MII abc' contains whitespaces",
    },
    {
      story: 'docker refuses a value that is too long',
      cause: /more than 64 KiB/,
      reason: 'docker: bufio.Scanner: token too long.',
    },
  ].map(({ story, cause, reason }) => ({
    ...{ story, cause, code: 'LUC-DEPLOY-ENV-FILE' },
    seen: { events: NOT_BEGUN, logs: [notBegun(reason)] },
  })),
  {
    story: '2 nothing is exposed',
    code: 'LUC-DEPLOY-NO-PORT',
    cause: /does not know which port/,
    seen: {
      events: failedDeploy,
      logs: [
        engine(
          ['Successfully built 5a1d0c4e'],
          '[Run Docker Container]. Stop running the command. Error: no EXPOSE directive found in Dockerfile, abort deployment',
        ),
      ],
    },
  },
  inBuild(
    '3 a COPY source is missing, classic builder',
    'BUILD-FAILED',
    /copies dist\b/,
    'Step 3/5 : COPY dist ./',
    'COPY failed: file not found in build context or excluded by .dockerignore: stat dist: file does not exist',
  ),
  inBuild(
    '3 a COPY source is missing, BuildKit',
    'BUILD-FAILED',
    /copies \/dist\b/,
    '#7 [3/5] COPY dist ./',
    '#7 ERROR: failed to calculate checksum of ref 8b1::x: "/dist": not found',
    'ERROR: failed to solve: failed to compute cache key: failed to calculate checksum of ref 8b1::x: "/dist": not found',
  ),
  inBuild(
    '3 a RUN fails, classic builder',
    'BUILD-FAILED',
    /RUN make release failed with exit code 2/,
    'Step 4/5 : RUN make release',
    'make: *** [Makefile:3: release] Error 1',
    "The command '/bin/sh -c make release' returned a non-zero code: 2",
  ),
  inBuild(
    '3 a RUN fails, BuildKit',
    'BUILD-FAILED',
    /RUN go build \.\/\.\.\. failed with exit code 1/,
    ' > [build 4/6] RUN go build ./...:',
    '0.412 main.go:7:2: undefined: serve',
    'ERROR: failed to solve: process "/bin/sh -c go build ./..." did not complete successfully: exit code: 1',
  ),
  inBuild(
    '3 a program that a RUN calls isn’t there',
    'BUILD-FAILED',
    /RUN tsc failed with exit code 127/,
    'Step 4/5 : RUN tsc',
    '/bin/sh: 1: tsc: not found',
    "The command '/bin/sh -c tsc' returned a non-zero code: 127",
  ),
  inBuild(
    '3 npm ci without a lock file',
    'BUILD-FAILED',
    /lock file/,
    'Step 4/5 : RUN npm ci',
    'npm error code EUSAGE',
    'npm error The `npm ci` command can only install with an existing package-lock.json or',
    "The command '/bin/sh -c npm ci' returned a non-zero code: 1",
  ),
  inBuild(
    '3 pnpm with an old lock file',
    'BUILD-FAILED',
    /lock file/,
    ' ERR_PNPM_OUTDATED_LOCKFILE  Cannot install with "frozen-lockfile" because pnpm-lock.yaml is not up to date',
    'ERROR: failed to solve: process "/bin/sh -c pnpm i" did not complete successfully: exit code: 1',
  ),
  inBuild(
    '3 the build is killed for want of memory',
    'BUILD-MEMORY',
    /more memory/,
    'Step 4/5 : RUN npm run build',
    'Killed',
    "The command '/bin/sh -c npm run build' returned a non-zero code: 137",
  ),
  inBuild(
    '3 V8 runs out of memory in the build',
    'BUILD-MEMORY',
    /more memory/,
    'FATAL ERROR: Reached heap limit Allocation failed - JavaScript heap out of memory',
    "The command '/bin/sh -c next build' returned a non-zero code: 134",
  ),
  inBuild(
    '3 the build has no network',
    'BUILD-FAILED',
    /network/,
    'npm error code EAI_AGAIN',
    'npm error request to https://registry.example/express failed, reason: getaddrinfo EAI_AGAIN registry.example',
    "The command '/bin/sh -c npm ci' returned a non-zero code: 1",
  ),
  inBuild(
    '31 the disk is full during the build',
    'DISK-FULL',
    /no space left/,
    'failed to register layer: write /usr/lib/libLLVM.so: no space left on device',
  ),
  inBuild(
    '20 the base image is for another processor',
    'ARCHITECTURE',
    /another processor/,
    'Step 2/5 : RUN npm ci',
    'exec /bin/sh: exec format error',
    "The command '/bin/sh -c npm ci' returned a non-zero code: 1",
  ),
  atStart('4 a variable is missing', /variable DATABASE_URL/, 'likely', [
    output('DATABASE_URL is not set: say where the orders are kept'),
  ]),
  atStart('4 a variable is missing, by envalid', /variable API_KEY/, 'likely', [
    output('Missing environment variables:', '    API_KEY: Required'),
  ]),
  atStart('4 a variable is missing, by envalid with a description', /variable API_KEY/, 'likely', [
    output(
      '================================',
      ' Missing environment variables:',
      '    \u001b[34mAPI_KEY\u001b[0m: The key of the API (eg. "x")',
      '================================',
    ),
  ]),
  atStart('4 a variable is missing, by Joi', /variable DATABASE_URL/, 'likely', [
    output('Error: Config validation error: "DATABASE_URL" is required'),
  ]),
  atStart('4 a variable is missing, by Joi in JSON', /variable DATABASE_URL/, 'likely', [
    output('{"level":60,"msg":"Config validation error: \\"DATABASE_URL\\" is required"}'),
  ]),
  atStart('4 a variable is missing, by zod 3', /variable STRIPE_KEY/, 'likely', [
    output(
      'ZodError: [',
      '  {',
      '    "code": "invalid_type",',
      '    "expected": "string",',
      '    "received": "undefined",',
      '    "path": [',
      '      "STRIPE_KEY"',
      '    ],',
      '    "message": "Required"',
      '  }',
      ']',
    ),
  ]),
  atStart('4 a variable is missing, by zod 3 with a message of its own', /variable STRIPE_KEY/, 'likely', [
    output("received: 'undefined',", "    path: [ 'STRIPE_KEY' ],", "    message: 'say how to be paid'"),
  ]),
  atStart('4 a variable is missing, by zod 4', /variable STRIPE_KEY/, 'likely', [
    output(
      '[{"expected":"string","code":"invalid_type","path":["STRIPE_KEY"],"message":"Invalid input: expected string, received undefined"}]',
    ),
  ]),
  atStart('4 a variable is missing, by zod 4 made pretty', /variable STRIPE_KEY/, 'likely', [
    output('✖ Invalid input: expected string, received undefined', '  → at STRIPE_KEY'),
  ]),
  atStart('4 a variable is missing, by zod flattened', /variable STRIPE_KEY/, 'likely', [
    output("Invalid environment: { STRIPE_KEY: [ 'Required' ] }"),
  ]),
  atStart('4 a variable is missing, by Python', /variable SECRET_KEY/, 'likely', [
    output(
      'Traceback (most recent call last):',
      '  File "/app/app.py", line 4, in <module>',
      "KeyError: 'SECRET_KEY'",
    ),
  ]),
  atStart('4 a variable is missing, by a shell', /variable REDIS_URL/, 'likely', [
    output('/entrypoint.sh: line 3: REDIS_URL: unbound variable'),
  ]),
  atStart('4 the token of the API is missing', /variable LUCREE_PASSWD/, 'likely', [
    output('LUCREE_PASSWD must be set: the API does not start without a token'),
    died(78),
  ]),
  atStart('4 the database refuses connections', /10\.0\.3\.7:5432/, 'likely', [
    output('Error: connect ECONNREFUSED 10.0.3.7:5432', '    at TCPConnectWrap.afterConnect [as oncomplete]'),
  ]),
  atStart('4 the database’s name is unknown', /db\.internal/, 'likely', [
    output('Error: getaddrinfo ENOTFOUND db.internal'),
  ]),
  atStart('4 the database refuses the password', /refuses its credentials.*orders/, 'likely', [
    output('error: password authentication failed for user "orders"'),
  ]),
  atStart('4 MySQL refuses the password', /refuses its credentials.*orders/, 'likely', [
    output("Error: ER_ACCESS_DENIED_ERROR: Access denied for user 'orders'@'10.0.3.9' (using password: YES)"),
  ]),
  atStart('a module is missing, by Node', /lacks \/app\/dist\/main\.js/, 'likely', [
    output("Error: Cannot find module '/app/dist/main.js'", "  code: 'MODULE_NOT_FOUND',"),
  ]),
  atStart('a module is missing, by Python', /lacks flask/, 'likely', [
    output("ModuleNotFoundError: No module named 'flask'"),
  ]),
  atStart('a jar is missing', /lacks \/app\.jar/, 'likely', [
    output('Error: Unable to access jarfile /app.jar'),
  ]),
  atStart(
    'the port is taken in the container',
    /same port, 8080/,
    'certain',
    [output('Error: listen EADDRINUSE: address already in use :::8080')],
    'PORT-IN-USE',
  ),
  atStart(
    'the port is privileged',
    /below 1024/,
    'certain',
    [output('Error: listen EACCES: permission denied 0.0.0.0:80')],
    'PORT-PRIVILEGED',
  ),
  atStart('a file may not be written', /may not use \/data\/orders\.db/, 'likely', [
    output("Error: EACCES: permission denied, open '/data/orders.db'"),
  ]),
  atStart(
    '20 exec format error',
    /another processor than a t3\.micro/,
    'certain',
    [output('exec /usr/local/bin/docker-entrypoint.sh: exec format error')],
    'ARCHITECTURE',
  ),
  atStart(
    'an entry point has Windows line ends',
    /docker-entrypoint\.sh names isn’t found/,
    'likely',
    [output('exec /app/docker-entrypoint.sh: no such file or directory')],
    'START-SCRIPT',
  ),
  atStart(
    'a command behind Node’s entry point has Windows line ends',
    /start\.sh names isn’t found.*CRLF/,
    'likely',
    [output('/usr/local/bin/docker-entrypoint.sh: 11: exec: /app/start.sh: not found')],
    'START-SCRIPT',
  ),
  atStart(
    'an entry point’s interpreter isn’t in the image',
    /start names isn’t found.*the image lacks it$/,
    'likely',
    [output('exec ./start: no such file or directory')],
    'START-SCRIPT',
  ),
  {
    story: 'the start script can’t be begun, without a Docker engine',
    code: 'LUC-DEPLOY-START-SCRIPT',
    cause: /entry\.sh names isn’t found.*CRLF.*entry\.sh itself isn’t there/,
    confidence: 'likely',
    seen: { events: NOT_BEGUN, logs: [notBegun('spawn /srv/i-1/var/app/current/entry.sh ENOENT')] },
  },
  {
    story: 'the command can’t be begun, without a Docker engine',
    code: 'LUC-DEPLOY-CONTAINER-ENDED',
    cause: /“nod” doesn’t exist/,
    seen: { events: NOT_BEGUN, logs: [notBegun('spawn nod ENOENT')] },
  },
  {
    story: 'the command may not be executed, without a Docker engine',
    code: 'LUC-DEPLOY-CONTAINER-ENDED',
    cause: /“\/app\/start” may not be executed/,
    seen: { events: NOT_BEGUN, logs: [notBegun('spawn /app/start EACCES')] },
  },
  atStart('exit code 127: the command isn’t there', /“nod” doesn’t exist/, 'certain', [
    output('/bin/sh: 1: nod: not found'),
    died(127),
  ]),
  atStart('exit code 126: the command isn’t executable', /“\/app\/start” may not be executed/, 'certain', [
    output('/bin/sh: 1: /app/start: Permission denied'),
    died(126),
  ]),
  atStart(
    'exit code 137 without a word',
    /more memory than a t3\.micro \(1024 MiB\)/,
    'likely',
    [died(137)],
    'OUT-OF-MEMORY',
  ),
  atStart(
    'killed by the kernel, with figures',
    /killed at 893 MiB/,
    'certain',
    [
      kernel(
        'Nov 22 17:00:06 ip-172-31-1-2 kernel: Memory cgroup out of memory: Killed process 4711 (node) total-vm:1404300kB, anon-rss:914432kB, file-rss:0kB',
      ),
      died(137),
    ],
    'OUT-OF-MEMORY',
  ),
  atStart(
    'the heap is full',
    /more memory/,
    'certain',
    [output('FATAL ERROR: Reached heap limit Allocation failed - JavaScript heap out of memory'), died(134)],
    'OUT-OF-MEMORY',
  ),
  atStart('exit code 0', /exit code 0.*foreground/, 'certain', [output('migrated 3 tables'), died(0)]),
  atStart('exit code 1 with words that nobody knows', /exit code 1\b/, 'certain', [
    output('oh dear'),
    died(1),
  ]),
  atStart('exit code 139', /segmentation fault/, 'certain', [died(139)]),
  atStart('exit code 143', /SIGTERM/, 'certain', [output('stopping'), died(143)]),
  atStart('exit code 78', /configuration is wrong/, 'certain', [output('no'), died(78)]),
  atStart('exit code 3', /exit code 3, and left no word/, 'certain', [died(3)]),
  {
    story: '5 ECR doesn’t let the instance in',
    code: 'LUC-DEPLOY-IMAGE-ECR',
    cause: /private ECR repository/,
    seen: {
      events: events(
        error(
          'Instance deployment: The ECR service failed to authenticate your private repository. The deployment failed.',
        ),
      ),
      logs: [
        pull(
          '123456789012.dkr.ecr.eu-west-1.amazonaws.com/shop:1',
          'Error response from daemon: Head "https://123456789012.dkr.ecr.eu-west-1.amazonaws.com/v2/shop/manifests/1": no basic auth credentials',
        ),
      ],
    },
  },
  inPull(
    '6 the image is private or misspelt',
    'IMAGE-PULL',
    /refused the image acme\/shop/,
    'acme/shop:1',
    "Error response from daemon: pull access denied for acme/shop, repository does not exist or may require 'docker login': denied: requested access to the resource is denied",
  ),
  inPull(
    '6 the tag doesn’t exist',
    'IMAGE-PULL',
    /no image node:42/,
    'node:42',
    'Error response from daemon: manifest for node:42 not found: manifest unknown: manifest unknown',
  ),
  inPull(
    '6 the image isn’t there for the processor',
    'ARCHITECTURE',
    /linux\/arm64/,
    'acme/shop:1',
    'no matching manifest for linux/arm64/v8 in the manifest list entries',
  ),
  inPull(
    '6 Docker Hub’s pull limit',
    'IMAGE-PULL',
    /too many were pulled/,
    'node:24',
    'Error response from daemon: toomanyrequests: You have reached your unauthenticated pull rate limit. https://www.docker.com/increase-rate-limit',
  ),
  inPull(
    'the registry doesn’t answer',
    'IMAGE-PULL',
    /could not be downloaded/,
    'node:24',
    'Error response from daemon: Get "https://registry-1.docker.io/v2/": net/http: request canceled while waiting for connection',
  ),
  {
    story: '7 compose file and Dockerrun',
    code: 'LUC-DEPLOY-COMPOSE',
    cause: /takes before Dockerfile/,
    confidence: 'likely',
    toldByEvents: true,
    seen: {
      events: events(
        warning(
          'Detected both docker-compose.yml and Dockerrun.aws.json V1 file in your source bundle. We only use Authentication Key within your Dockerrun.aws.json file.',
        ),
      ),
    },
  },
  {
    story: '8 compose interpolation',
    code: 'LUC-DEPLOY-COMPOSE',
    cause: /\$\{X:-default\}/,
    seen: {
      events: failedDeploy,
      logs: [
        engine(
          [],
          '[Docker Specific Build Application]. Stop running the command. Error: Command docker compose config failed with error exit status 1. Stderr: invalid interpolation format for services.web.environment.PORT',
        ),
      ],
    },
  },
  {
    story: '9 Dockerrun’s version',
    code: 'LUC-DEPLOY-DOCKERRUN',
    cause: /"AWSEBDockerrunVersion": "1"/,
    seen: {
      events: failedDeploy,
      logs: [
        engine(
          [],
          '[Docker Specific Build Application]. Stop running the command. Error: Invalid Dockerrun.aws.json version, abort deployment',
        ),
      ],
    },
  },
  inPull(
    '9 Dockerrun v3 without an image',
    'DOCKERRUN',
    /not one that/,
    ':latest',
    'Failed to pull Docker image :latest: Invalid repository name ',
  ),
  {
    story: '10 the command times out',
    code: 'LUC-DEPLOY-COMMAND-TIMEOUT',
    cause: /last step was RUN npm run build.*t3\.micro/,
    seen: {
      events: [
        warning(
          'The following instances have not responded in the allowed command timeout time (they might still finish eventually on their own): [i-0a1b2c3d4e5f60718].',
        ),
        error(
          "Unsuccessful command execution on instance id(s) 'i-0a1b2c3d4e5f60718'. Aborting the operation.",
        ),
      ],
      logs: [engine(['Step 4/5 : RUN npm run build'])],
    },
  },
  {
    story:
      '10 the command times out before its first step, and a step of the one before is not taken for its own',
    code: 'LUC-DEPLOY-COMMAND-TIMEOUT',
    cause: /gives a command\. Builds are slow/,
    seen: {
      events: [
        warning(
          'The following instances have not responded in the allowed command timeout time (they might still finish eventually on their own): [i-0a1b2c3d4e5f60718].',
        ),
      ],
      logs: [engine(['Executing instruction: Start Reverse Proxy', 'Engine received EB command app-deploy'])],
    },
  },
  {
    story: '10 the command of a first deploy times out, and nothing answers yet',
    code: 'LUC-DEPLOY-COMMAND-TIMEOUT',
    cause: /last step was RUN npm run build/,
    toldByEvents: true,
    seen: {
      answer: { ...badGateway, status: 503 },
      events: [
        warning(
          'The following instances have not responded in the allowed command timeout time (they might still finish eventually on their own): [i-0a1b2c3d4e5f60718].',
        ),
      ],
      logs: [engine(['Step 4/5 : RUN npm run build'])],
    },
  },
  {
    story: 'a guarded application that still serves explains nothing',
    code: 'LUC-DEPLOY-UNKNOWN',
    cause: /not one that lucree knows/,
    confidence: 'unknown',
    seen: { answer: answered(401, '', '/'), events: [error('Something new happened.')] },
  },
  {
    story: 'a rolling deploy is broken off by a port that nobody listens on',
    code: 'LUC-DEPLOY-PORT',
    cause: /listens on port 3000/,
    seen: {
      answer: badGateway,
      healthCauses: ['Incorrect application version found on 1 out of 2 instances.'],
      logs: [output('Server listening on port 3000')],
    },
  },
  {
    story: '10 the command times out, and only the log tells',
    code: 'LUC-DEPLOY-COMMAND-TIMEOUT',
    cause: /last step was RUN npm run build/,
    confidence: 'likely',
    seen: {
      events: [error('Failed to deploy application.')],
      logs: [engine(['Step 4/5 : RUN npm run build'])],
    },
  },
  bySaying(
    '11 launch configurations aren’t available',
    'LAUNCH-CONFIGURATION',
    /launch templates/,
    'Creating Auto Scaling launch configuration failed Reason: Resource handler returned message: "The Launch Configuration creation operation is not available in your account. Use launch templates to create configuration templates for your Auto Scaling groups."',
  ),
  bySaying(
    '12 no instance profile',
    'INSTANCE-PROFILE',
    /instance profile isn’t there/,
    'Environment must have instance profile associated with it.',
  ),
  bySaying(
    '12 an instance profile that doesn’t exist',
    'INSTANCE-PROFILE',
    /aws-elasticbeanstalk-ec2-role isn’t there/,
    'The instance profile aws-elasticbeanstalk-ec2-role associated with the environment does not exist.',
  ),
  bySaying(
    '13 no default VPC',
    'NO-DEFAULT-VPC',
    /no default VPC/,
    'Creating load balancer failed Reason: Default VPC not found',
  ),
  noInstance(
    '14 the free plan doesn’t have the type',
    'FREE-PLAN',
    /free plan may not start a t3\.micro/,
    "Could not launch On-Demand Instances. InvalidParameterCombination - The specified instance type is not eligible for Free Tier. For a list of Free Tier instance types, run 'describe-instance-types' with the filter 'free-tier-eligible=true'. Launching EC2 instance failed.",
  ),
  noInstance(
    'the vCPU quota is used up',
    'VCPU-QUOTA',
    /quota is used up/,
    'Could not launch On-Demand Instances. VcpuLimitExceeded - You have requested more vCPU capacity than your current vCPU limit of 1 allows. Launching EC2 instance failed.',
  ),
  noInstance(
    'the zone has no capacity',
    'CAPACITY',
    /no t3\.micro left/,
    'Could not launch On-Demand Instances. InsufficientInstanceCapacity - We currently do not have sufficient t3.micro capacity in the Availability Zone you requested (us-east-1a). Launching EC2 instance failed.',
  ),
  noInstance(
    'the zone doesn’t have the type',
    'ZONE',
    /zone doesn’t have/,
    'Unsupported - Your requested instance type (t3.micro) is not supported in your requested Availability Zone (us-east-1e). Launching EC2 instance failed.',
  ),
  noInstance(
    'the subnet is full',
    'SUBNET-FULL',
    /no free address/,
    'InsufficientFreeAddressesInSubnet - There are not enough free addresses in subnet subnet-0abc to satisfy the requested number of instances. Launching EC2 instance failed.',
  ),
  noInstance(
    'an instance can’t be started for a reason that nobody knows',
    'NO-INSTANCE',
    /can’t start an instance/,
    'Something new. Launching EC2 instance failed.',
  ),
  bySaying(
    'no Elastic IP is left',
    'ADDRESS-QUOTA',
    /no Elastic IP/,
    'Creating EIP failed Reason: The maximum number of addresses has been reached. (Service: Ec2, Status Code: 400)',
  ),
  bySaying(
    '15 a private subnet',
    'NO-WAY-OUT',
    /no way out/,
    'The EC2 instances failed to communicate with AWS Elastic Beanstalk, either because of configuration problems with the VPC or a failed EC2 instance. Check your VPC configuration and try launching the environment again.',
  ),
  bySaying(
    '16 the label exists',
    'VERSION-EXISTS',
    /version v1 already/,
    'Application Version v1 already exists.',
  ),
  bySaying(
    '17 a thousand versions',
    'TOO-MANY-VERSIONS',
    /1000/,
    'You cannot have more than 1000 Application Versions. Either remove some Application Versions or request a limit increase.',
  ),
  bySaying(
    '18 the platform is retired',
    'PLATFORM-RETIRED',
    /v4\.4\.4 running Docker/,
    "No Solution Stack named '64bit Amazon Linux 2023 v4.4.4 running Docker' found.",
  ),
  bySaying(
    '19 another change is under way',
    'BUSY',
    /one at a time/,
    'Environment named shop is in an invalid state for this operation. Must be Ready.',
  ),
  {
    story: '21 a secret may not be read',
    code: 'LUC-DEPLOY-SECRETS',
    cause: /may not read a secret/,
    seen: {
      events: events(error('Instance deployment failed to get one or more secrets')),
      logs: [
        engine(
          [],
          '[FetchSecrets]. Stop running the command. Error: AccessDeniedException: User: arn:aws:sts::123456789012:assumed-role/aws-elasticbeanstalk-ec2-role/i-1 is not authorized to perform: secretsmanager:GetSecretValue on resource: arn:aws:secretsmanager:eu-west-1:123456789012:secret:shop-AbCdEf',
        ),
      ],
    },
  },
  {
    story: '23 only 127.0.0.1 is listened on',
    code: 'LUC-DEPLOY-LOOPBACK-ONLY',
    cause: /127\.0\.0\.1:8080 only/,
    seen: { answer: badGateway, logs: [refusedBy(8080), output('listening on http://127.0.0.1:8080')] },
  },
  {
    story: '23 only IPv6 is listened on',
    code: 'LUC-DEPLOY-PORT',
    cause: /listens on \[::\]:8080, and takes no connection by IPv4/,
    confidence: 'likely',
    seen: { answer: badGateway, logs: [refusedBy(8080), output('listening on http://[::]:8080')] },
  },
  {
    story: '23 only IPv6 was seen to be listened on, by an application without a word',
    code: 'LUC-DEPLOY-PORT',
    cause: /listens on \[::\]:8080, and takes no connection by IPv4/,
    confidence: 'likely',
    seen: {
      answer: badGateway,
      logs: [refusedBy(8080), listening('[::]:8080')],
    },
  },
  {
    story: '23 only ::1 was seen to be listened on, by an application that says otherwise',
    code: 'LUC-DEPLOY-LOOPBACK-ONLY',
    cause: /listens on ::1:8080 only/,
    seen: {
      answer: badGateway,
      logs: [refusedBy(8080), listening('[::1]:8080'), output('Server listening on port 3000')],
    },
  },
  {
    story: '23 another port is listened on',
    code: 'LUC-DEPLOY-PORT',
    cause: /listens on port 3000, and the proxy forwards to port 8080/,
    seen: { answer: badGateway, logs: [refusedBy(8080), output('Server listening on port 3000')] },
  },
  {
    story: '23 another port was seen to be listened on',
    code: 'LUC-DEPLOY-PORT',
    cause: /listens on port 5000, and the proxy forwards to port 8080/,
    seen: { answer: badGateway, listening: [{ address: '0.0.0.0', port: 5000 }] },
  },
  {
    story: '23 nothing is listened on, and nothing says why',
    code: 'LUC-DEPLOY-PORT',
    cause: /Nothing answers on port 8080/,
    seen: { answer: badGateway, logs: [refusedBy(8080), output('hello')] },
  },
  {
    story: '23 the application crashes after its start',
    code: 'LUC-DEPLOY-CONTAINER-ENDED',
    cause: /can’t reach 10\.0\.3\.7:5432/,
    confidence: 'likely',
    seen: {
      answer: badGateway,
      logs: [refusedBy(8080), output('Error: connect ECONNREFUSED 10.0.3.7:5432')],
    },
  },
  {
    story: 'the application answers too late',
    code: 'LUC-DEPLOY-SLOW-ANSWER',
    cause: /doesn’t answer in time/,
    seen: {
      answer: { ...badGateway, status: 504 },
      logs: [
        nginx(
          '2026/11/22 17:02:00 [error] 1#1: *9 upstream timed out (110: Connection timed out) while reading response header from upstream, upstream: "http://172.17.0.2:8080/"',
        ),
      ],
    },
  },
  {
    story: 'the application takes a request and never answers it',
    code: 'LUC-DEPLOY-SLOW-ANSWER',
    cause: /takes connections on port 8080 and doesn’t answer in time/,
    confidence: 'likely',
    seen: {
      answer: { url: 'http://shop.example/', status: undefined, problem: 'no answer in 10 s' },
      logs: [output('up, listening on 0.0.0.0:8080')],
    },
  },
  {
    story: 'nobody answers, and nobody says that he listens',
    code: 'LUC-DEPLOY-SLOW-ANSWER',
    cause:
      /there is no answer in 10 s: the application doesn’t answer on port 8080, or nothing lets requests through/,
    confidence: 'likely',
    seen: {
      answer: { url: 'http://shop.example/', status: undefined, problem: 'no answer in 10 s' },
      logs: [output('up')],
    },
  },
  {
    story: 'the application hangs up',
    code: 'LUC-DEPLOY-HANGS-UP',
    cause: /closes the connection/,
    seen: {
      answer: badGateway,
      logs: [
        nginx(
          '2026/11/22 17:02:00 [error] 1#1: *9 upstream prematurely closed connection while reading response header from upstream, upstream: "http://172.17.0.2:8080/"',
        ),
      ],
    },
  },
  {
    story: 'the environment’s address doesn’t answer at all',
    code: 'LUC-DEPLOY-PORT',
    cause: /doesn’t answer: ECONNREFUSED/,
    confidence: 'likely',
    seen: { answer: { url: 'http://shop.example/', status: undefined, problem: 'ECONNREFUSED' } },
  },
  {
    story: '24 a hook isn’t executable',
    code: 'LUC-DEPLOY-HOOK',
    cause: /\.platform\/hooks\/predeploy\/01\.sh may not be executed/,
    seen: {
      events: failedDeploy,
      logs: [
        engine(
          [],
          '[RunAppDeployPreDeployHooks]. Stop running the command. Error: Command .platform/hooks/predeploy/01.sh failed with error fork/exec .platform/hooks/predeploy/01.sh: permission denied',
        ),
      ],
    },
  },
  {
    story: '24 a hook has Windows line ends',
    code: 'LUC-DEPLOY-HOOK',
    cause: /CRLF/,
    seen: {
      events: failedDeploy,
      logs: [
        engine(
          [],
          '[RunAppDeployPreDeployHooks]. Stop running the command. Error: Command .platform/hooks/predeploy/01.sh failed with error fork/exec .platform/hooks/predeploy/01.sh: no such file or directory',
        ),
      ],
    },
  },
  {
    story: '24 a hook fails',
    code: 'LUC-DEPLOY-HOOK',
    cause: /01\.sh ended with exit status 1/,
    seen: {
      events: failedDeploy,
      logs: [
        engine(
          [],
          '[RunAppDeployPreDeployHooks]. Stop running the command. Error: Command .platform/hooks/predeploy/01.sh failed with error exit status 1. Stderr:',
        ),
        hooks('migrating', 'relation "orders" already exists'),
      ],
    },
  },
  bySaying(
    '25 the bucket’s ownership may not be set',
    'BUCKET-RIGHTS',
    /s3:PutBucketOwnershipControls/,
    'User is not authorized to perform: s3:PutBucketOwnershipControls on resource: arn:aws:s3:::elasticbeanstalk-eu-west-1-123456789012',
  ),
  bySaying(
    '26 the platform’s files may not be read',
    'PLATFORM-ASSETS',
    /elasticbeanstalk-platform-assets-eu-west-1/,
    'Access Denied: S3Bucket=elasticbeanstalk-platform-assets-eu-west-1, S3Key=stalks/eb_docker/packs/x.pack',
  ),
  bySaying(
    'any right is missing',
    'RIGHTS',
    /ec2:RunInstances/,
    'You are not authorized to perform this operation: not authorized to perform: ec2:RunInstances',
  ),
  bySaying(
    '27 the stack is broken',
    'STACK-FAILED',
    /UPDATE_ROLLBACK_FAILED/,
    'The stack arn:aws:cloudformation:x associated with environment e-abc is in UPDATE_ROLLBACK_FAILED state',
  ),
  bySaying(
    'the stack could not be made',
    'STACK-FAILED',
    /CREATE_FAILED/,
    "Stack named 'awseb-e-abc-stack' aborted operation. Current state: 'CREATE_FAILED' Reason: The following resource(s) failed to create: [AWSEBSecurityGroup].",
  ),
  bySaying(
    '28 the termination hangs',
    'TERMINATION-HANGS',
    /sg-0abc123 can’t be removed/,
    'Deleting security group failed Reason: resource sg-0abc123 has a dependent object (Service: Ec2, Status Code: 400)',
  ),
  bySaying(
    'the address is taken',
    'DNS-TAKEN',
    /shop\.eu-west-1/,
    'DNS name (shop.eu-west-1.elasticbeanstalk.com) is not available.',
  ),
  {
    story: '29 the health-check path is not there',
    code: 'LUC-DEPLOY-HEALTH-CHECK',
    cause: /nothing at \/health \(404\)/,
    seen: { answer: answered(404, 'Cannot GET /health') },
  },
  {
    story: '29 the health-check path wants a token',
    code: 'LUC-DEPLOY-HEALTH-CHECK',
    cause: /credentials on \/health \(401\)/,
    seen: { answer: answered(401) },
  },
  {
    story: '29 the load balancer is answered 403',
    code: 'LUC-DEPLOY-HEALTH-CHECK',
    cause: /\(403\)/,
    seen: {
      targets: [target('Target.ResponseCodeMismatch', 'Health checks failed with these codes: [403]')],
    },
  },
  {
    story: '29 the load balancer is redirected',
    code: 'LUC-DEPLOY-HEALTH-CHECK',
    cause: /301.*redirect/,
    seen: {
      targets: [target('Target.ResponseCodeMismatch', 'Health checks failed with these codes: [301]')],
    },
  },
  {
    story: 'the application answers 500',
    code: 'LUC-DEPLOY-ANSWER',
    cause: /answers 500 on \/health/,
    seen: { answer: answered(500, 'Internal Server Error'), logs: [output('TypeError: x is undefined')] },
  },
  {
    story: 'the application itself answers 503',
    code: 'LUC-DEPLOY-ANSWER',
    cause: /answers 503/,
    seen: { answer: answered(503, '{"status":"migrating"}') },
  },
  {
    story: '24 enhanced health counts 5xx',
    code: 'LUC-DEPLOY-ANSWER',
    cause: /100\.0 % of the requests.*5xx/,
    seen: { healthCauses: ['100.0 % of the requests are failing with HTTP 5xx.'] },
  },
  {
    story: 'targets time out',
    code: 'LUC-DEPLOY-SLOW-ANSWER',
    cause: /no answer/,
    seen: { targets: [target('Target.Timeout', 'Request timed out')] },
  },
  {
    story: 'targets fail their checks',
    code: 'LUC-DEPLOY-HEALTH-CHECK',
    cause: /No instance passes/,
    seen: { targets: [target('Target.FailedHealthChecks', 'Health checks failed')] },
  },
  {
    story: '33 Django refuses the host name',
    code: 'LUC-DEPLOY-HOST-CHECK',
    cause: /172\.31\.35\.64/,
    seen: {
      answer: answered(400),
      logs: [
        output(
          "Invalid HTTP_HOST header: '172.31.35.64'. You may need to add '172.31.35.64' to ALLOWED_HOSTS.",
        ),
      ],
    },
  },
  {
    story: 'a mixed fleet',
    code: 'LUC-DEPLOY-MIXED-VERSIONS',
    cause: /not every instance/,
    seen: {
      healthCauses: [
        'Incorrect application version found on 1 out of 2 instances. Expected version "v2" (deployment 157).',
      ],
    },
  },
  {
    story: 'a mixed fleet, by its instances',
    code: 'LUC-DEPLOY-MIXED-VERSIONS',
    cause: /not every instance/,
    toldByEvents: true,
    seen: {
      events: [error(ABORTED)],
      fleet: [
        { id: 'i-1', version: 'v2', deploymentStatus: 'deployed' },
        { id: 'i-2', version: 'v2', deploymentStatus: 'failed' },
      ],
    },
  },
  {
    story: 'events never come',
    code: 'LUC-DEPLOY-STILL-UNDER-WAY',
    cause: /still Updating, and Beanstalk says nothing/,
    seen: { environment: { status: 'Updating', health: 'Grey' } },
  },
  {
    story: 'a launch that has no instance yet doesn’t answer',
    code: 'LUC-DEPLOY-STILL-UNDER-WAY',
    cause: /still Launching/,
    seen: {
      fleet: [],
      environment: { status: 'Launching', health: 'Grey' },
      answer: { url: 'http://shop.example/', status: 502, problem: undefined },
    },
  },
  {
    story: 'the environment stays Updating',
    code: 'LUC-DEPLOY-STILL-UNDER-WAY',
    cause: /still Updating$/,
    toldByEvents: true,
    seen: {
      environment: { status: 'Updating', health: 'Grey' },
      events: [{ severity: 'INFO', message: 'Environment update is starting.' }],
    },
  },
  {
    story: 'health stays Grey',
    code: 'LUC-DEPLOY-STILL-GREY',
    cause: /knows nothing of its health/,
    seen: { environment: { status: 'Ready', health: 'Grey' } },
  },
]
