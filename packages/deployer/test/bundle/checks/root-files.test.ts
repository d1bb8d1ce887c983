import { expect, test } from 'vitest'
import { bundle, DOCKERFILE, refusal } from '../bundled.ts'

test('without Dockerfile and Dockerrun there is nothing to run', async () => {
  const error = await refusal(bundle({ 'index.js': '' }))
  expect(error).toMatchObject({ code: 'LUC-SOURCE-NO-DOCKERFILE', exitCode: 4 })
  expect(error.message).toMatch(/^There is no Dockerfile in \//)
})

test.each(['dockerfile', 'DockerFile', 'DOCKERFILE'])(
  '%s must be renamed, and the command is named',
  async (name) => {
    const error = await refusal(bundle({ [name]: DOCKERFILE }))
    expect(error.message).toBe(`${name} must be called Dockerfile`)
    expect(error.hints[0]).toContain(`git mv ${name} Dockerfile`)
  },
)

test('a Dockerfile further down is pointed to', async () => {
  const error = await refusal(bundle({ 'packages/api/Dockerfile': DOCKERFILE }))
  expect(error.hints).toEqual(['In lucree.json: "source": "packages/api"'])
})

test('a Dockerfile further down that is written for the root has to move up', async () => {
  const Dockerfile = 'FROM a\nCOPY package-lock.json ./\nCOPY packages/api ./\nEXPOSE 80\n'
  const error = await refusal(
    bundle({ 'packages/api/Dockerfile': Dockerfile, 'packages/api/index.js': '', 'package-lock.json': '' }),
  )
  expect(error.hints[0]).toMatch(/^cp packages\/api\/Dockerfile \. /)
})

test('a Dockerfile that .ebignore leaves out is named with the line', async () => {
  const error = await refusal(bundle({ Dockerfile: DOCKERFILE, '.ebignore': '# x\nDocker*\n' }))
  expect(error.why).toBe('.ebignore:2 leaves it out: Docker*')
})

test.each(['docker-compose.yml', 'docker-compose.yaml'])('%s would win over the Dockerfile', async (name) => {
  const error = await refusal(bundle({ Dockerfile: DOCKERFILE, [name]: '' }))
  expect(error).toMatchObject({ code: 'LUC-SOURCE-COMPOSE', exitCode: 4 })
  expect(error.hints).toEqual([`Leave it out: echo ${name} >> .dockerignore`])
  await bundle({ Dockerfile: DOCKERFILE, [name]: '', '.dockerignore': name })
})

test('an .env file that was asked for ships with a warning', async () => {
  const made = await bundle({ Dockerfile: DOCKERFILE, '.env': 'A=1' }, { include: ['.env'] })
  expect(made.entries.map(({ path }) => path)).toContain('.env')
  expect(made.warnings.join()).toMatch(/^\.env is in the bundle/)
})

test('an ignore file in UTF-16, as PowerShell writes it, is told, because docker finds nothing in it', async () => {
  const ignore = Buffer.from('\ufeffnode_modules\n', 'utf16le')
  const made = await bundle({ Dockerfile: DOCKERFILE, '.dockerignore': ignore })
  expect(made.warnings).toEqual([expect.stringMatching(/^\.dockerignore is in UTF-16/)])
})
