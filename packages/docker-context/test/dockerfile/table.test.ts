import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { parseDockerfile, planBuild } from '../../src/index.ts'
import { dockerfileTable } from './dockerfile-table.ts'
import { imageOfPlan, type PlannedImage } from './image-of-plan.ts'

/** Said while a build runs, of files and processes. */
const whileRunning = /^(process "|failed to compute cache key)/

/** The table's stand-in for Node's image. */
const node = {
  PATH: '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin',
  NODE_VERSION: '24.21.0',
}

const plan = (text: string) =>
  planBuild(parseDockerfile(text), { baseEnv: () => node, platform: 'linux/amd64' })

const refusal = (message: string) => expect.objectContaining({ name: 'DockerfileError', message }) as unknown

/** An engine makes no difference between none and an empty one. */
const orNull = <T>(words: readonly T[] | null) => (words === null || words.length === 0 ? null : words)

describe('what BuildKit says of the table before it runs anything', () => {
  test.for(dockerfileTable.filter(({ refused }) => refused !== undefined && !whileRunning.test(refused)))(
    '$name is refused in its words',
    ({ dockerfile, refused }) => {
      expect(() => plan(dockerfile)).toThrow(refusal(refused ?? ''))
    },
  )

  test.for(dockerfileTable.filter(({ refused }) => refused !== undefined && whileRunning.test(refused)))(
    '$name is accepted, and fails later',
    ({ dockerfile }) => {
      plan(dockerfile)
    },
  )

  test.for(dockerfileTable.filter(({ config }) => config))(
    '$name has the image that it has there',
    ({ dockerfile, config }) => {
      const planned = plan(dockerfile)
      const { Env, Ports, Volumes, User, WorkingDir, Cmd, Entrypoint } = imageOfPlan(planned)
      const own = Entrypoint ?? (/^ENTRYPOINT/m.test(dockerfile) ? null : ['docker-entrypoint.sh'])
      expect({ Env, Ports, Volumes, User, WorkingDir, Cmd: orNull(Cmd), Entrypoint: orNull(own) }).toEqual({
        ...config,
        Cmd: orNull(config?.Cmd ?? null),
        Entrypoint: orNull(config?.Entrypoint ?? null),
      })
      expect(planned.final.envIsWhole).toBe(true)
    },
  )
})

/** Texts FROM scratch that make up the grammar's corners, with what the same BuildKit said. */
const corners = readFileSync(join(import.meta.dirname, '../cases/dockerfile-grammar.jsonl'), 'utf8')
  .trimEnd()
  .split('\n')
  .map((line) => JSON.parse(line) as { dockerfile: string; refused?: string; config?: PlannedImage })

test.each(corners.map((each) => [JSON.stringify(each.dockerfile), each] as const))(
  '%s comes out as with BuildKit',
  (_, { dockerfile, refused, config }) => {
    const build = () => imageOfPlan(planBuild(parseDockerfile(dockerfile), { platform: 'linux/amd64' }))
    if (refused !== undefined) {
      expect(build).toThrow(refusal(refused))
      return
    }
    const image = build()
    expect({
      ...image,
      Cmd: orNull(image.Cmd),
      Entrypoint: orNull(image.Entrypoint),
      // An engine writes the root for an image without a directory of its own.
      WorkingDir: image.WorkingDir === '' ? '/' : image.WorkingDir,
    }).toEqual(config)
  },
)
