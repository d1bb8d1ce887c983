import { mkdir, mkdtemp, realpath, rm, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { format, resolveConfig } from 'prettier'
import { describe, expect, onTestFinished, test } from 'vitest'
import { loadProject, parseProject } from '../../src/config/project-file.ts'
import { projectJsonSchema, projectSchema } from '../../src/config/project-schema.ts'
import type { LucreeError } from '../../src/errors.ts'

async function directory(): Promise<string> {
  const dir = await realpath(await mkdtemp(join(tmpdir(), 'lucree-test-')))
  onTestFinished(() => rm(dir, { recursive: true, force: true }))
  return dir
}

function refusal(text: string, dir = '/nowhere'): LucreeError {
  try {
    parseProject(text, dir)
  } catch (error) {
    return error as LucreeError
  }
  throw new Error(`was accepted: ${text}`)
}

describe('lucree.json is found', () => {
  test('in the working directory and in those above it', async () => {
    const dir = await directory()
    await writeFile(join(dir, 'lucree.json'), '{"application": "shop"}')
    await mkdir(join(dir, 'packages/api'), { recursive: true })
    const project = await loadProject(join(dir, 'packages/api'))
    expect(project).toEqual({ dir, file: join(dir, 'lucree.json'), settings: { application: 'shop' } })
  })

  test('not above the root of a git checkout, nor above the home directory', async () => {
    const dir = await directory()
    await writeFile(join(dir, 'lucree.json'), '{}')
    await mkdir(join(dir, 'checkout/.git'), { recursive: true })
    await mkdir(join(dir, 'home/work'), { recursive: true })
    expect((await loadProject(join(dir, 'checkout'))).file).toBeUndefined()
    expect((await loadProject(join(dir, 'home/work'), join(dir, 'home'))).file).toBeUndefined()
  })

  test('nowhere, and then the working directory is the project', async () => {
    const dir = await directory()
    await mkdir(join(dir, '.git'))
    expect(await loadProject(dir)).toEqual({ dir, file: undefined, settings: {} })
  })
})

describe('a broken lucree.json is refused', () => {
  test('with line and column and a caret below the place', () => {
    const error = refusal('{\n  "source": "api",,\n}')
    expect(error.message).toBe('lucree.json:2:19: property name expected')
    expect(error.evidence).toEqual(['2 |   "source": "api",,', '  |                   ^'])
    expect(error.exitCode).toBe(2)
  })

  test('when it is empty or not an object', () => {
    expect(refusal('').message).toMatch(/^lucree\.json:1:1: /)
    expect(refusal('[]').message).toMatch(/^lucree\.json:1:1: .*expected object/)
  })

  test('for a comment and for a comma too many', () => {
    expect(refusal('{ // no\n}').message).toBe('lucree.json:1:3: invalid comment token')
    expect(refusal('{"source": "a",}').message).toMatch(/^lucree\.json:1:16: /)
  })

  test('for an unknown key, with the key that was probably meant', () => {
    expect(refusal('{\n  "aplication": "x"\n}').message).toBe(
      'lucree.json:2:3: unknown key "aplication"; did you mean "application"?',
    )
    expect(refusal('{"environments": {"p": {"instancetype": "t3.micro"}}}').message).toBe(
      'lucree.json:1:25: unknown key "instancetype"; did you mean "instanceType"?',
    )
    expect(refusal('{"env": {"A": {"x": 1}}}').message).toBe(
      'lucree.json:1:16: unknown key "x"; known here: secret, required',
    )
  })

  test('for a key that stands there twice', () => {
    expect(refusal('{"source": "a", "source": "b"}').message).toBe(
      'lucree.json:1:17: key "source" stands here a second time',
    )
  })

  test('for a value of the wrong kind, with its place', () => {
    expect(refusal('{"include": ["a", 1]}').message).toMatch(/^lucree\.json:1:19: "include\.1": .*string/)
    expect(refusal('{"environments": {"p": {"type": "big"}}}').message).toMatch(
      /^lucree\.json:1:33: .*single/,
    )
  })

  test('for a name that Beanstalk accepts for no property', () => {
    expect(refusal('{"env": {"A B": {}}}').message).toMatch(/^lucree\.json:1:\d+: "env\.A B": /)
  })

  test('for paths that leave the project, written or through a symlink', async () => {
    const dir = await directory()
    await mkdir(join(dir, 'project'))
    await symlink(dir, join(dir, 'project/up'))
    expect(refusal('{"source": "../api"}').message).toBe(
      'lucree.json:1:12: "source": ../api leaves the directory of lucree.json',
    )
    expect(refusal('{"include": ["/etc/passwd"]}').message).toMatch(/^lucree\.json:1:14: "include": /)
    expect(refusal('{"source": "up"}', join(dir, 'project')).message).toMatch(
      /^lucree\.json:1:12: "source": up leaves/,
    )
    expect(parseProject('{"source": "..api"}', dir)).toEqual({ source: '..api' })
  })

  test('for more instances than a single-instance environment has', () => {
    expect(refusal('{"environments": {"p": {"maxInstances": 2}}}').message).toMatch(
      /^lucree\.json:1:41: .*load-balanced/,
    )
    expect(
      refusal('{"environments": {"p": {"type": "load-balanced", "minInstances": 3, "maxInstances": 2}}}')
        .message,
    ).toMatch(/minInstances is more than maxInstances/)
  })
})

test.each([
  ['{"vpc": "vpc-1"}', /needs "subnets" beside it/],
  ['{"subnets": ["subnet-1"]}', /needs "vpc" beside it/],
  ['{"vpc": "vpc-1", "subnets": ["subnet-1"], "elbSubnets": ["subnet-2"]}', /load-balanced/],
  ['{"vpc": "subnet-1", "subnets": ["subnet-1"]}', /is no VPC/],
  ['{"vpc": "vpc-1", "subnets": []}', /subnets/],
  ['{"managedUpdates": "Sunday"}', /weekly time/],
  ['{"type": "load-balanced", "certificate": "api.example.com"}', /is no certificate/],
  [
    '{"certificate": "arn:aws:acm:us-east-1:111122223333:certificate/1"}',
    /a certificate of ACM stays in a load balancer/,
  ],
  ['{"serviceRole": "no such thing!"}', /neither a name nor an ARN/],
])(
  'a network, a role, a certificate or a weekly time that could not be meant is refused: %s',
  (environment, said) => {
    expect(refusal(`{"environments": {"p": ${environment}}}`).message).toMatch(said)
  },
)

test('the JSON Schema that ships says what the code checks; vitest --update writes it anew', async () => {
  const file = join(import.meta.dirname, '../../schema.json')
  const schema = JSON.stringify(projectJsonSchema())
  await expect(await format(schema, { ...(await resolveConfig(file)), parser: 'json' })).toMatchFileSnapshot(
    file,
  )
})

test('a byte order mark before the document does no harm', () => {
  expect(parseProject('\ufeff{}', '/nowhere')).toEqual({})
})

test('the project file of this repository is valid', async () => {
  const project = await loadProject(join(import.meta.dirname, '../../..'))
  expect(projectSchema.parse(project.settings).application).toBe('lucree-api')
})
