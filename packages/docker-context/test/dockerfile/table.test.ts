import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { parseDockerfile, planBuild, type PlannedStage } from '../../src/index.ts'

interface Case {
  name: string
  dockerfile: string
  refused?: string
  config?: {
    User: string
    Cmd: string[] | null
    Entrypoint: string[] | null
    WorkingDir: string
    Env: string[]
    Ports: string[]
    Volumes: string[]
  }
}

/** What BuildKit of Docker 26.1.5 said to each. */
const cases = readFileSync(join(import.meta.dirname, '../cases/dockerfiles.jsonl'), 'utf8')
  .split('\n')
  .filter((line) => line !== '')
  .map((line) => JSON.parse(line) as Case)

/** Said while a build runs, of files and processes. */
const whileRunning = /^(process "|failed to compute cache key)/

const baseEnv = () => ({
  PATH: '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin',
  NODE_VERSION: '24.21.0',
})

const plan = (text: string) => planBuild(parseDockerfile(text), { baseEnv, platform: 'linux/amd64' })

function instructionsOf(stage: PlannedStage): PlannedStage['instructions'] {
  return [...(stage.base ? instructionsOf(stage.base) : []), ...stage.instructions]
}

const lastWord = (stage: PlannedStage, keyword: string) =>
  instructionsOf(stage)
    .findLast((each) => each.keyword === keyword)
    ?.words.at(-1)?.value

describe('what BuildKit says of a Dockerfile before it runs anything', () => {
  test.for(cases.filter(({ refused }) => refused !== undefined && !whileRunning.test(refused)))(
    '$name is refused in its words',
    ({ dockerfile, refused }) => {
      expect(() => plan(dockerfile)).toThrow(
        expect.objectContaining({ name: 'DockerfileError', message: refused }),
      )
    },
  )

  test.for(cases.filter(({ refused }) => refused === undefined || whileRunning.test(refused)))(
    '$name is accepted',
    ({ dockerfile }) => {
      plan(dockerfile)
    },
  )

  test.for(cases.filter(({ config }) => config))(
    '$name has the image that it has there',
    ({ dockerfile, config }) => {
      const { final } = plan(dockerfile)
      expect(Array.from(final.env, ([name, value]) => `${name}=${String(value)}`)).toEqual(config?.Env)
      expect(final.envIsWhole).toBe(true)
      expect(lastWord(final, 'USER') ?? '').toBe(config?.User)
      const exposed = instructionsOf(final).flatMap(({ ports }) => ports)
      expect([...new Set(exposed)].sort()).toEqual(config?.Ports)
      const volumes = instructionsOf(final).filter(({ keyword }) => keyword === 'VOLUME')
      expect(volumes.flatMap(({ words }) => words.map(({ value }) => value)).sort()).toEqual(config?.Volumes)
      const cmd = instructionsOf(final).findLast(({ keyword }) => keyword === 'CMD')
      if (cmd?.instruction.json) expect(cmd.instruction.json).toEqual(config?.Cmd ?? [])
      else expect(cmd?.instruction.args).toBe(config?.Cmd?.at(-1))
    },
  )
})
