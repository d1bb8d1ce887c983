import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { diagnose } from '../../src/diagnose/diagnose.ts'
import { evidenceOf } from '../../src/diagnose/evidence.ts'
import { build, engine, error, failedDeploy, FLEET, SINCE } from './logs.ts'

/** What each builder wrote of the same Dockerfile, as the embedded Beanstalk logs it: Docker 20.10.24 and 26.1.5, Podman 4.3.1 and 5.4.2. */
const OUTPUTS = JSON.parse(readFileSync(join(import.meta.dirname, 'builder-outputs.json'), 'utf8')) as Record<
  string,
  Record<string, string[]>
>

/** The cause of each, whoever built it, with its code when that isn't `LUC-DEPLOY-BUILD-FAILED`. */
const CAUSES: Record<string, [cause: RegExp, code?: string]> = {
  'a failed step': [
    /^The Docker image could not be built: RUN echo almost >&2 && exit 7 failed with exit code 7$/,
  ],
  'a failed step of a stage': [
    /^The Docker image could not be built: RUN node -e .* failed with exit code 2$/,
  ],
  'a source that is not there': [/^The Dockerfile copies \/?dist, which is not in the bundle$/],
  'a source that an earlier stage has not': [
    /^The Dockerfile copies \/?nope from another stage or image, and it isn’t there$/,
  ],
  'a pattern that matches nothing': [
    /^The Dockerfile copies (?:\/?dist\*|a file), which is not in the bundle$/,
  ],
  'an unknown instruction': [/^The builder can’t read the Dockerfile: unknown instruction: RUNN\b/],
  'an instruction with too few words': [/^The builder can’t read the Dockerfile: COPY requires at least/],
  'a registry that is not reached': [
    /^The registry public\.ecr\.aws is not reached: its name is not known there$/,
    'LUC-DEPLOY-IMAGE-PULL',
  ],
  'a command that is not there': [
    /^The Docker image could not be built: RUN nosuchcommand failed with exit code 127$/,
  ],
  'a heredoc that fails': [
    /^The builder can’t read the Dockerfile: unknown instruction: ECHO\b|^The Docker image could not be built: RUN <<EOF.* failed with exit code 4$/,
  ],
  'a cache mount': [/^The Dockerfile needs BuildKit: the --mount option requires BuildKit/],
  'a program that is not there': [/^The Docker image could not be built: RUN \["\/nope"\] failed/],
  'a full disk': [/^The instance has no space left on its disk$/, 'LUC-DEPLOY-DISK-FULL'],
  'an unknown user': [/^The Docker image could not be built: RUN id failed$/],
  'a WORKDIR that is a file': [/^The Docker image could not be built: WORKDIR \/f failed$/],
  'a base image without a name': [/^The builder can’t read the Dockerfile: /],
}

const runs = Object.entries(OUTPUTS).flatMap(([story, builders]) =>
  Object.entries(builders).map(([builder, lines]) => ({ story, builder, lines })),
)

test.each(runs)('$story, by $builder, has the cause that it has by every builder', ({ story, lines }) => {
  const [cause, code = 'LUC-DEPLOY-BUILD-FAILED'] = CAUSES[story]!
  const event = error('Instance deployment failed to build the Docker image. The deployment failed.')
  // The embedded Beanstalk dates each line, AWS's engine doesn't.
  for (const stamp of ['', '2026/11/22 17:00:05.000000 [INFO] ']) {
    const logs = [build(...lines.map((line) => stamp + line))]
    const instance = { type: 't3.micro', memoryMiB: 1024 }
    const seen = { since: SINCE, fleet: FLEET, port: 8080, instance, logs, events: [event, ...failedDeploy] }
    const found = diagnose(evidenceOf(seen))
    expect(found).toMatchObject({ code, cause: expect.stringMatching(cause) })
    expect(found.evidence.length).toBeLessThanOrEqual(12)
  }
})

test('every story of the builders has its cause', () => {
  expect(Object.keys(OUTPUTS).sort()).toEqual(Object.keys(CAUSES).sort())
})

/** What each engine says of a container that it can't begin. */
const NOT_BEGUN = {
  'Docker 26': (why: string) =>
    `failed to create task for container: failed to create shim task: OCI runtime create failed: runc create failed: unable to start container process: ${why}: unknown`,
  'Docker 20.10': (why: string) =>
    `failed to create shim task: OCI runtime create failed: runc create failed: unable to start container process: ${why}: unknown`,
  Podman: (why: string) =>
    `runc: runc create failed: unable to start container process: ${why}: ${/denied/.test(why) ? 'OCI permission denied' : 'OCI runtime attempted to invoke a command that was not found'}`,
}

test.each(Object.entries(NOT_BEGUN))(
  'a container that %s can’t begin has the cause that it has anywhere',
  (_, words) => {
    const causeOf = (reason: string) => {
      const end = `[Run Docker Container]. Stop running the command. Error: failed to run docker container: ${reason}`
      const event = error('Instance deployment failed to run the Docker container. The deployment failed.')
      const instance = { type: 't3.micro', memoryMiB: 1024 }
      const logs = [engine([], end)]
      const seen = {
        since: SINCE,
        fleet: FLEET,
        port: 8080,
        instance,
        logs,
        events: [event, ...failedDeploy],
      }
      return diagnose(evidenceOf(seen)).cause
    }
    expect(causeOf(words('exec: "/app/start.sh": permission denied'))).toMatch(
      /start\.sh” may not be executed/,
    )
    expect(causeOf(words('exec: "/nowhere": stat /nowhere: no such file or directory'))).toMatch(
      /nowhere” doesn’t exist in the image/,
    )
    expect(causeOf(words('exec: "nod": executable file not found in $PATH'))).toMatch(
      /command .*doesn’t exist in the image/,
    )
    expect(causeOf('unable to find user app: no matching entries in passwd file')).toMatch(/no user app\b/)
  },
)

test.each([
  [
    "The process runtime can't ADD https://example.com/x; download it in a RUN step.",
    /: The process runtime can't ADD https:\/\/example\.com\/x$/,
  ],
  [
    "lucree: 'apt-get' needs a container: the process runtime has no system of its own. Start a container engine and use --runtime docker.",
    /: it calls apt-get, /,
  ],
])(
  'what only an engine can build is told as that, and not to be shown by docker build: %s',
  (line, cause) => {
    const event = error('Instance deployment failed to build the Docker image. The deployment failed.')
    const logs = [
      build(
        '2026/11/22 17:00:05.000000 [INFO] Step 2/5 : RUN x',
        `2026/11/22 17:00:05.000000 [INFO] ${line}`,
      ),
    ]
    const instance = { type: 't3.micro', memoryMiB: 1024 }
    const seen = { since: SINCE, fleet: FLEET, port: 8080, instance, logs, events: [event, ...failedDeploy] }
    const found = diagnose(evidenceOf(seen))
    expect(found).toMatchObject({ code: 'LUC-DEPLOY-BUILD-FAILED', cause: expect.stringMatching(cause) })
    expect(found.next.join()).toContain('--runtime docker')
    expect(found.next.join()).not.toContain('docker build')
  },
)
