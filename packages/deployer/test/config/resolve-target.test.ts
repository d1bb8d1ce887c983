import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { basename, join } from 'node:path'
import fc from 'fast-check'
import { describe, expect, onTestFinished, test } from 'vitest'
import { checkEnvironmentName, environmentNameFrom } from '../../src/config/names.ts'
import type { Project } from '../../src/config/project-file.ts'
import type { ProjectSettings } from '../../src/config/project-schema.ts'
import { resolveTarget, type TargetRequest } from '../../src/config/resolve-target.ts'
import { anotherEnvironment } from '../../src/config/target.ts'
import { refusal } from './refusal.ts'

const project = (settings: ProjectSettings, dir = '/code/shop'): Project => ({
  dir,
  file: undefined,
  settings,
})
const resolve = (settings: ProjectSettings, request: Partial<TargetRequest> = {}) =>
  resolveTarget({ project: project(settings), flags: {}, variables: { AWS_REGION: 'eu-west-1' }, ...request })

describe('the application is named', () => {
  test('by the file, else by package.json without its scope, else by the directory', async () => {
    const dir = await mkdtemp(join(tmpdir(), 'lucree-test-'))
    onTestFinished(() => rm(dir, { recursive: true, force: true }))
    const named = (settings: ProjectSettings) =>
      resolve(settings, { project: project(settings, dir) }).application
    expect(named({})).toBe(basename(dir))
    await writeFile(join(dir, 'package.json'), '{"name": "@team/shop_api"}')
    expect(named({})).toBe('shop_api')
    expect(named({ application: 'My Shop' })).toBe('My Shop')
  })
})

describe('the environment is', () => {
  const listed = { application: 'shop', environments: { production: {}, staging: { name: 'old-staging' } } }

  test('<application>-production when nobody names one', () => {
    expect(resolve({ application: 'shop' }).environment).toBe('shop-production')
  })

  test('the only one of the file', () => {
    const target = resolve({ application: 'shop', environments: { live: { healthCheck: '/health' } } })
    expect(target).toMatchObject({ environment: 'shop-live', healthCheck: '/health', type: 'single' })
  })

  test('put into the network that the file names, where the load balancer shares the subnets unless it has its own', () => {
    const chosen = { type: 'load-balanced' as const, vpc: 'vpc-1', subnets: ['subnet-1', 'subnet-2'] }
    const networkOf = (more: object) => resolve({ environments: { live: { ...chosen, ...more } } }).network
    expect(networkOf({})).toEqual({ vpc: 'vpc-1', subnets: chosen.subnets, balancerSubnets: chosen.subnets })
    expect(networkOf({ elbSubnets: ['subnet-3'] })?.balancerSubnets).toEqual(['subnet-3'])
    expect(resolve({}).network).toBeUndefined()
  })

  test('refused when its certificate is in another region, unless it is on this machine', () => {
    const certificate = 'arn:aws:acm:us-east-1:111122223333:certificate/1'
    const live = { type: 'load-balanced' as const, certificate }
    const settings = { environments: { live } }
    expect(resolve({ ...settings, region: 'us-east-1' }).certificate).toBe(certificate)
    const error = refusal(() => resolve({ ...settings, region: 'sa-east-1' }))
    expect(error.message).toMatch(/in us-east-1, and the environment in sa-east-1/)
    expect(error.exitCode).toBe(2)
  })

  test('one that the file doesn’t list only for a command that can make none, and never chosen for it', () => {
    const flags = { environment: 'shop-old' }
    expect(refusal(() => resolve(listed, { flags })).exitCode).toBe(2)
    expect(resolve(listed, { flags, allowsUnlisted: true }).environment).toBe('shop-old')
    expect(refusal(() => resolve(listed, { allowsUnlisted: true })).code).toBe('LUC-USAGE-WHICH-ENVIRONMENT')
  })

  test('asked for when the file lists several', () => {
    const error = refusal(() => resolve(listed))
    expect(error.message).toBe('lucree.json lists several environments: production, staging')
    expect(error.hints).toEqual(['--environment production', '--environment staging'])
    expect(error.exitCode).toBe(2)
  })

  test('not asked for by a command that is about the whole application', () => {
    expect(resolve(listed, { anyEnvironment: true }).application).toBe('shop')
  })

  test.each([
    ['production', 'shop-production'],
    ['shop-production', 'shop-production'],
    ['staging', 'old-staging'],
    ['old-staging', 'old-staging'],
  ])('%s → %s, by its key or by its full name', (environment, name) => {
    expect(resolve(listed, { flags: { environment } }).environment).toBe(name)
  })

  test('refused when the file lists others, with the one that was probably meant', () => {
    const error = refusal(() => resolve(listed, { flags: { environment: 'prodution' } }))
    expect(error.hints[0]).toBe('--environment production')
  })

  test('led to another name by what works: any name without a list, the file with one', () => {
    const free = 'lucree deploy --environment NAME   # any name that is free'
    expect(anotherEnvironment(resolve({}))).toBe(free)
    const target = resolve(listed, { flags: { environment: 'shop-production' } })
    expect(anotherEnvironment(target)).toBe(
      'lucree deploy   # once "production" has another "name" in lucree.json',
    )
  })

  test('refused with a key that gives the very name that was asked for, once it stands in the file', () => {
    const error = refusal(() => resolve(listed, { flags: { environment: 'shop-review' } }))
    expect(error.hints.at(-1)).toMatch(/^Add "review": \{\} .* --environment review names it/)
    const environments = { ...listed.environments, review: {} }
    const added = resolve({ ...listed, environments }, { flags: { environment: 'review' } })
    expect(added.environment).toBe('shop-review')
  })

  test('taken as it is when the file lists none', () => {
    expect(resolve({}, { flags: { environment: 'my-env' } }).environment).toBe('my-env')
  })

  test.each([
    ['ab', 'it has 2 characters', 'ab-production'],
    ['my_env', 'it holds "_"', 'my-env'],
    ['-edge', 'a hyphen stands at its edge', 'edge'],
    ['x'.repeat(41), 'it has 41 characters', 'x'.repeat(40)],
    ['produção', 'it holds "ç", "ã"', 'producao'],
  ])('refused as %s, because %s, with a name that would do', (environment, why, suggestion) => {
    const error = refusal(() => resolve({}, { flags: { environment } }))
    expect(error.message).toContain(why)
    expect(error.hints).toEqual([`For example: --environment ${suggestion}`])
    expect(checkEnvironmentName(suggestion)).toBe(suggestion)
  })

  test('always a name that Beanstalk takes when it is made of an application and a key', () => {
    fc.assert(
      fc.property(
        fc.string({ unit: 'grapheme' }),
        fc.string({ unit: 'grapheme', minLength: 1 }),
        (application, key) => {
          const name = environmentNameFrom(application, key)
          expect(checkEnvironmentName(name)).toBe(name)
        },
      ),
    )
  })
})

describe('precedence', () => {
  test('is flag, then LUCREE_ variable, then file, then default', () => {
    const settings = { region: 'sa-east-1' }
    const variables = { LUCREE_REGION: 'us-west-2', AWS_REGION: 'eu-west-1' }
    expect(resolve(settings, { flags: { region: 'ap-south-1' }, variables }).region).toBe('ap-south-1')
    expect(resolve(settings, { variables }).region).toBe('us-west-2')
    expect(resolve(settings).region).toBe('sa-east-1')
    expect(resolve({}).region).toBe('eu-west-1')
    expect(resolve({}, { variables: {}, profileRegion: 'eu-north-1' }).region).toBe('eu-north-1')
  })

  test('makes LUCREE_LOCAL=1 what --local is, and --no-local stronger', () => {
    expect(resolve({}, { variables: { LUCREE_LOCAL: '1' } })).toMatchObject({
      local: true,
      region: 'us-east-1',
    })
    expect(
      resolve({}, { variables: { LUCREE_LOCAL: '1', AWS_REGION: 'x' }, flags: { local: false } }).local,
    ).toBe(false)
    expect(refusal(() => resolve({}, { variables: { LUCREE_LOCAL: 'maybe' } })).exitCode).toBe(2)
  })
})

test('a missing region is refused with the ways to name one', () => {
  const error = refusal(() => resolve({}, { variables: {} }))
  expect(error.code).toBe('LUC-USAGE-NO-REGION')
  expect(error.hints).toContain('--local')
})

test('paths, variables and sizes of the file arrive settled', () => {
  const target = resolve({
    source: 'packages/api',
    include: ['Dockerrun.aws.json'],
    env: { TOKEN: { secret: true, required: true }, LOG: {} },
    environments: { live: { type: 'load-balanced', minInstances: 6 } },
  })
  expect(target).toMatchObject({
    projectDir: '/code/shop',
    source: '/code/shop/packages/api',
    variables: { TOKEN: { secret: true, required: true }, LOG: { secret: false, required: false } },
    minInstances: 6,
    maxInstances: 6,
  })
})

test('behind a load balancer two instances are the fewest, unless the file says otherwise or allows no more than one', () => {
  const sizes = (chosen: object) => {
    const { minInstances, maxInstances } = resolve({
      environments: { live: { type: 'load-balanced', ...chosen } },
    })
    return [minInstances, maxInstances]
  }
  expect(sizes({})).toEqual([2, 4])
  expect(sizes({ minInstances: 1 })).toEqual([1, 4])
  expect(sizes({ maxInstances: 1 })).toEqual([1, 1])
  expect(sizes({ minInstances: 6 })).toEqual([6, 6])
})
