import type { Evidence } from '../../src/diagnose/evidence.ts'

/** Log files of one instance in the platform's own formats (facts sheet §1.8, §3.4), for tests. */
type Log = Evidence['logs'][number]

const STAMP = '2026/11/22 17:00:05.000000'
const INSTANCE = 'i-0a1b2c3d4e5f60718'
/** The operation of these logs began here. */
export const SINCE = new Date('2026-11-22T17:00:00Z')
/** And launched the one instance. */
export const FLEET: Evidence['fleet'] = [{ id: INSTANCE, launchedAt: new Date('2026-11-22T17:00:02Z') }]

const file = (path: string, lines: string[]): Log => ({ instanceId: INSTANCE, path, lines })
export const output = (...lines: string[]): Log =>
  file('/var/log/eb-docker/containers/eb-current-app/eb-6f1c2d-stdouterr.log', lines)
export const nginx = (...lines: string[]): Log => file('/var/log/nginx/error.log', lines)
export const docker = (...lines: string[]): Log => file('/var/log/docker-events.log', lines)
export const kernel = (...lines: string[]): Log => file('/var/log/messages', lines)
export const hooks = (...lines: string[]): Log => file('/var/log/eb-hooks.log', lines)

/** eb-engine.log of a command: the given lines as they stand, between those that the engine always writes. */
export function engine(lines: string[], end: string | undefined = undefined): Log {
  return file('/var/log/eb-engine.log', [
    `${STAMP} [INFO] Starting...`,
    `${STAMP} [INFO] Starting EBPlatform-PlatformEngine`,
    `${STAMP} [INFO] Engine received EB command app-deploy`,
    `${STAMP} [INFO] Executing instruction: Docker Specific Build Application`,
    ...lines,
    ...(end === undefined
      ? []
      : [
          `${STAMP} [ERROR] An error occurred during execution of command [app-deploy] - ${end}`,
          `${STAMP} [INFO] Executing cleanup logic`,
          `${STAMP} [INFO] CommandService Response: {"status":"FAILURE","api_version":"1.0","results":[{"status":"FAILURE","msg":"Engine execution has encountered an error.","returncode":1,"events":[{"msg":"x","timestamp":1795366805,"severity":"ERROR"}]}]}`,
        ]),
  ])
}

/** eb-engine.log of a command that has succeeded, with what the embedded Beanstalk writes of an application that it doesn't reach. */
export function listening(...sockets: string[]): Log {
  return engine([
    `${STAMP} [WARN] [lucree] seen listening in the container: ${sockets.join(', ')}`,
    `${STAMP} [INFO] Executing cleanup logic`,
    `${STAMP} [INFO] CommandService Response: {"status":"SUCCESS","api_version":"1.0","results":[{"status":"SUCCESS","msg":"Engine execution has succeeded.","returncode":0,"events":[{"msg":"Instance deployment completed successfully.","timestamp":1795366805,"severity":"INFO"}]}]}`,
  ])
}

const BUILD =
  '[Docker Specific Build Application]. Stop running the command. Error: failed to build docker image'

/** A build that failed with these words of the builder's. */
export function build(...lines: string[]): Log {
  return engine(
    lines,
    `${BUILD}: Command /bin/sh -c docker build -t aws_beanstalk/staging-app /var/app/staging failed with error exit status 1. Stderr:${lines.at(-1) ?? ''}`,
  )
}

/** An image that could not be pulled, with the daemon's words. */
export function pull(image: string, words: string): Log {
  return engine(
    [],
    `[Docker Specific Build Application]. Stop running the command. Error: failed to pull docker image: Command /bin/sh -c docker pull ${image} failed with error exit status 1. Stderr:${words}`,
  )
}

/** A container that ended while the engine watched it. */
export function ended(how = 'its exit code is not known'): Log {
  return engine(
    [],
    `[Run Docker Container]. Stop running the command. Error: Docker container unexpectedly ended after it was started: ${how}`,
  )
}

export const died = (exitCode: number): Log =>
  docker(
    `2026-11-22T17:00:06.123456789Z container die 6f1c2d (execDuration=1, exitCode=${exitCode}, image=aws_beanstalk/staging-app, name=eb-app)`,
  )

export function refusedBy(port: number): Log {
  return nginx(
    `2026/11/22 17:00:09 [error] 1234#1234: *7 connect() failed (111: Connection refused) while connecting to upstream, client: 10.0.0.9, server: , request: "GET / HTTP/1.1", upstream: "http://172.17.0.2:${port}/", host: "shop.example"`,
  )
}

export const error = (message: string) => ({ severity: 'ERROR', message })
export const ENDED_EVENT = error(
  'Instance deployment: The Docker container unexpectedly ended after it was started.',
)
export const warning = (message: string) => ({ severity: 'WARN', message })
export const failedDeploy = [
  error("Instance deployment failed. For details, see 'eb-engine.log'."),
  error(
    `[Instance: ${INSTANCE}] Command failed on instance. Return code: 1 Output: Engine execution has encountered an error..`,
  ),
  error(`Unsuccessful command execution on instance id(s) '${INSTANCE}'. Aborting the operation.`),
  error('Failed to deploy application.'),
]
export const badGateway = {
  url: 'http://shop.example/',
  status: 502,
  problem: undefined,
  body: '<html>\r\n<head><title>502 Bad Gateway</title></head>\r\n<center><h1>502 Bad Gateway</h1></center>\r\n<hr><center>nginx</center>',
}
export const answered = (status: number, body?: string, path = '/health') => ({
  url: `http://shop.example${path}`,
  status,
  problem: undefined,
  body,
})
export const activity = (message: string) => ({
  at: new Date('2026-11-22T17:01:00Z'),
  status: 'Failed',
  message,
})
export const target = (reason: string, description: string) => ({
  target: INSTANCE,
  state: 'unhealthy',
  reason,
  description,
})
