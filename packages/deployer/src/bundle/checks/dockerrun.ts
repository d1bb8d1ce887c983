import { refuseMiscasedDockerfile } from './root-files.ts'
import * as z from 'zod'
import { SourceError } from '../../errors.ts'
import { readJson } from '../../document/json-document.ts'
import type { Position } from '../../document/position.ts'
import type { CheckedSource, Warn } from './checked-source.ts'

const NAME = 'Dockerrun.aws.json'

const port = z
  .union([z.int(), z.string().regex(/^\d+$/).transform(Number)], 'is not a port number')
  .pipe(z.number().min(1).max(65_535))

/** What only version 2 has. */
const ECS_KEYS = ['containerDefinitions', 'volumes']

/** Version 1, the one of the Docker platform. Keys that aren't known here are the platform's business. */
const dockerrunSchema = z.looseObject({
  AWSEBDockerrunVersion: z
    .unknown()
    .refine((version) => version === '1' || version === 1, { error: (issue) => wrongVersion(issue.input) }),
  Image: z.looseObject({ Name: z.string().min(1), Update: z.string().optional() }).optional(),
  Ports: z.array(z.looseObject({ ContainerPort: port, HostPort: port.optional() })).optional(),
  Volumes: z.array(z.looseObject({ HostDirectory: z.string(), ContainerDirectory: z.string() })).optional(),
  Logging: z.string().optional(),
  Entrypoint: z.string().optional(),
  Command: z.string().optional(),
  Authentication: z.looseObject({ Bucket: z.string(), Key: z.string() }).optional(),
})

/**
 * Checks Dockerrun.aws.json if the bundle has one.
 * @returns the port of its first `Ports` entry, the only one that the platform uses.
 */
export function checkDockerrun(source: CheckedSource, warn: Warn): number | undefined {
  const text = source.textOf(NAME)
  if (text === undefined) return undefined
  const result = readJson(text, dockerrunSchema)
  if ('problem' in result) {
    const { message, position, excerpt } = result.problem
    throw broken(message, position, excerpt)
  }
  const { value, positionOf } = result
  for (const key of ECS_KEYS.filter((name) => name in value)) {
    const { line } = positionOf([key])
    warn(`${NAME}:${line}: ${key} is for Beanstalk's ECS platform; the Docker platform doesn't read it.`)
  }
  const hasDockerfile = source.entries.some((entry) => entry.path === 'Dockerfile')
  if (value.Image && hasDockerfile) {
    const { line } = positionOf(['Image'])
    warn(`${NAME}:${line}: Image is ignored, because Beanstalk builds the Dockerfile.`)
  }
  if (!value.Image && !hasDockerfile) {
    refuseMiscasedDockerfile(source)
    throw broken(
      'names no Image, and there is no Dockerfile',
      { line: 1, column: 1 },
      [],
      ['Add a Dockerfile, or "Image": { "Name": "…" }.'],
    )
  }
  const first = value.Ports?.[0]?.ContainerPort
  if (!hasDockerfile && first === undefined) {
    throw broken(
      'Image needs Ports',
      positionOf(['Image']),
      [],
      ['Add "Ports": [{ "ContainerPort": 8080 }].'],
    )
  }
  return first
}

/** The image that a valid Dockerrun.aws.json names; undefined when it names none, or isn't there, or isn't valid. */
export function dockerrunImage(source: CheckedSource): string | undefined {
  const text = source.textOf(NAME)
  const result = text === undefined ? undefined : readJson(text, dockerrunSchema)
  return result && 'value' in result ? result.value.Image?.Name : undefined
}

function wrongVersion(version: unknown): string {
  const not = `is ${JSON.stringify(version) ?? 'missing'} and must be "1"`
  if (String(version) === '2') return `${not}: version 2 is for the ECS platform`
  return String(version) === '3' ? `${not}: version 3 only goes with a docker-compose.yml` : not
}

function broken(
  message: string,
  { line, column }: Position,
  evidence: string[],
  hints?: string[],
): SourceError {
  return new SourceError(`${NAME}:${line}:${column}: ${message}`, {
    code: 'LUC-SOURCE-DOCKERRUN',
    evidence,
    hints: hints ?? [`Mend line ${line} of ${NAME}.`],
  })
}
