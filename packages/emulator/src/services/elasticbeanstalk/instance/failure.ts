/** A command that failed on an instance through the bundle's or the application's own fault. */
export class InstanceFailure extends Error {
  override readonly name = 'InstanceFailure'
  /** The step of the platform's engine that failed, as eb-engine.log names it. */
  readonly instruction: string
  /** What the instance reports as an event. */
  readonly event: string
  /** `message` is what eb-engine.log says after `Error:`. */
  constructor(instruction: string, event: string, message: string, options?: ErrorOptions) {
    super(message, options)
    this.instruction = instruction
    this.event = event
  }
}

/** An instance that got its command and isn't heard of again. */
export class NoAnswer extends Error {
  override readonly name = 'NoAnswer'
}

/** Steps of the engine. */
export const instructions = {
  stage: 'StageApplication',
  prepare: 'Docker Specific Build Application',
  secrets: 'FetchSecrets',
  run: 'Run Docker Container',
  flip: 'Start Reverse Proxy',
} as const

const missingFiles =
  "Both 'Dockerfile' and 'Dockerrun.aws.json' are missing in your source bundle. Include at least one of them."

/** The platform's own sentences. */
export const failures = {
  missingFiles: () =>
    new InstanceFailure(
      instructions.prepare,
      `Instance deployment: ${missingFiles} The deployment failed.`,
      `${missingFiles} Abort deployment`,
    ),
  badBundle: (reason: string, options?: ErrorOptions) =>
    new InstanceFailure(
      instructions.stage,
      "Instance deployment: Your source bundle has issues that caused the deployment to fail. For details, see 'eb-engine.log'.",
      reason,
      options,
    ),
  badDockerrun: (reason: string, options?: ErrorOptions) =>
    new InstanceFailure(
      instructions.prepare,
      `Instance deployment: ${reason} The deployment failed.`,
      `${reason} abort deployment`,
      options,
    ),
  composeNotEmulated: () =>
    new InstanceFailure(
      instructions.prepare,
      "Instance deployment: Your source bundle has a 'docker-compose.yml' file, which the embedded Beanstalk can't run. Remove it from the bundle to deploy the 'Dockerfile' or 'Dockerrun.aws.json'. The deployment failed.",
      "'docker-compose.yml' takes precedence over 'Dockerfile' and 'Dockerrun.aws.json', and the embedded Beanstalk can't run it, abort deployment",
    ),
  build: (reason: string, options?: ErrorOptions) =>
    new InstanceFailure(
      instructions.prepare,
      'Instance deployment failed to build the Docker image. The deployment failed.',
      `failed to build docker image: Command /bin/sh -c docker build -t aws_beanstalk/staging-app /var/app/staging failed with error exit status 1. Stderr:${reason}`,
      options,
    ),
  pull: (image: string, reason: string, options?: ErrorOptions) =>
    new InstanceFailure(
      instructions.prepare,
      'Instance deployment failed to download the Docker image. The deployment failed.',
      `failed to pull docker image: Command /bin/sh -c docker pull ${image} failed with error exit status 1. Stderr:${reason}`,
      options,
    ),
  registryAuthentication: () =>
    new InstanceFailure(
      instructions.prepare,
      'Instance deployment: The ECR service failed to authenticate your private repository. The deployment failed.',
      'the embedded Beanstalk has no registry to authenticate with, abort deployment',
    ),
  noPort: () =>
    new InstanceFailure(
      instructions.run,
      "Instance deployment failed. For details, see 'eb-engine.log'.",
      'no EXPOSE directive found in Dockerfile, abort deployment',
    ),
  ended: (reason: string) =>
    new InstanceFailure(
      instructions.run,
      'Instance deployment: The Docker container unexpectedly ended after it was started.',
      `Docker container unexpectedly ended after it was started: ${reason}`,
    ),
  notStarted: (reason: string, options?: ErrorOptions) =>
    new InstanceFailure(
      instructions.run,
      'Instance deployment failed to run the Docker container. The deployment failed.',
      `failed to run docker container: ${reason}`,
      options,
    ),
  /** docker's command refuses env.list before it asks its daemon for anything. */
  environmentList: (reason: string, property: string, options?: ErrorOptions) =>
    new InstanceFailure(
      instructions.run,
      'Instance deployment failed to run the Docker container. The deployment failed.',
      `failed to run docker container: Command /bin/sh -c docker run -d --env-file /opt/elasticbeanstalk/deployment/env.list aws_beanstalk/staging-app failed with error exit status 125. Stderr:docker: ${reason} See 'docker run --help'. (It is a line of the value of ${property}.)`,
      options,
    ),
  secrets: () =>
    new InstanceFailure(
      instructions.secrets,
      'Instance deployment failed to get one or more secrets',
      'the embedded Beanstalk has no Secrets Manager and no Parameter Store to fetch secrets from',
    ),
}
