import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { lucree } from '../cli/installed.ts'

let dir: string

beforeEach(async () => {
  dir = join(await mkdtemp(join(tmpdir(), 'lucree-init-')), 'shop')
  await mkdir(dir)
})
afterEach(() => rm(dirname(dir), { recursive: true, force: true }))

async function write(path: string, text: string) {
  await mkdir(dirname(join(dir, path)), { recursive: true })
  await writeFile(join(dir, path), text)
}

const projectFile = async () => JSON.parse(await readFile(join(dir, 'lucree.json'), 'utf8')) as unknown

describe('a directory with a Dockerfile', () => {
  it(
    'gets a project file with its name, its health check and the variables that it leaves open',
    { timeout: 60_000 },
    async () => {
      await write(
        'Dockerfile',
        'FROM node:24 AS build\nENV BUILD_ONLY=\nFROM node:24\nENV PORT=8080 API_TOKEN= MODE=""\nHEALTHCHECK CMD wget -q http://127.0.0.1:8080/health\nCMD node .\n',
      )
      const { code, stdout, stderr } = await lucree(['init'], { cwd: dir })
      expect([code, stderr]).toEqual([0, ''])
      expect(stdout).toContain('Wrote lucree.json: application shop, source .\n')
      expect(await projectFile()).toEqual({
        $schema: './node_modules/lucree/schema.json',
        application: 'shop',
        env: { API_TOKEN: { secret: true, required: true }, MODE: { required: true } },
        environments: { production: { healthCheck: '/health' } },
      })
    },
  )

  it("is found in a workspace's package, which gives the name", async () => {
    await write('packages/api/Dockerfile', 'FROM scratch\n')
    await write('packages/api/package.json', '{ "name": "@team/Shop API" }')
    const { stdout } = await lucree(['init', '--json'], { cwd: dir })
    expect(JSON.parse(stdout)).toMatchObject({
      file: join(dir, 'lucree.json'),
      settings: { application: 'Shop-API', source: 'packages/api' },
      importedFrom: null,
    })
  })
})

it('says that several directories could be meant, and that none could', async () => {
  const none = await lucree(['init'], { cwd: dir })
  expect(none.stderr).toContain('Warning: There is no Dockerfile yet')
  await write('a/Dockerfile', 'FROM scratch\n')
  await write('b/Dockerfile', 'FROM scratch\n')
  const several = await lucree(['init', '--yes'], { cwd: dir })
  expect(several.stderr).toContain('Warning: Several directories have a Dockerfile (a, b)')
  expect([none.code, several.code]).toEqual([0, 0])
})

describe('a project of the EB CLI', () => {
  it('is taken over, with what has no place in lucree.json said', async () => {
    await write('Dockerfile', 'FROM scratch\n')
    await write(
      '.elasticbeanstalk/config.yml',
      `branch-defaults:
  main: { environment: shop-prod, group_suffix: null }
  next: { environment: shop-next }
  old: { environment: null }
global:
  application_name: My Shop
  default_region: eu-west-1
  default_platform: Python 3.11
  profile: eb-cli
deploy:
  artifact: build/shop.zip
`,
    )
    const { code, stdout, stderr } = await lucree(['init'], { cwd: dir })
    expect(code).toBe(0)
    expect(stdout).toContain('Taken over from .elasticbeanstalk/config.yml')
    expect(await projectFile()).toMatchObject({
      application: 'My Shop',
      region: 'eu-west-1',
      environments: { 'shop-prod': { name: 'shop-prod' }, 'shop-next': { name: 'shop-next' } },
    })
    for (const said of ['--profile or LUCREE_PROFILE', 'Python 3.11', 'build/shop.zip'])
      expect(stderr).toContain(said)
  })

  it.each([
    ['no YAML', 'global: [', /at line 1/],
    ['of another shape', 'global: 7', /global/],
  ])('that is %s is refused by name, and nothing is written', async (_, text, why) => {
    await write('.elasticbeanstalk/config.yml', text)
    const { code, stdout } = await lucree(['init', '--json'], { cwd: dir })
    expect(JSON.parse(stdout).error).toMatchObject({
      code: 'LUC-INIT-EB-CONFIG',
      cause: expect.stringMatching(why),
    })
    expect(code).toBe(2)
    await expect(projectFile()).rejects.toThrow('ENOENT')
  })
})

it('replaces a project file only when told to', async () => {
  await write('lucree.json', '{ "application": "mine" }')
  const refused = await lucree(['init'], { cwd: dir })
  expect([refused.code, refused.stdout]).toEqual([2, ''])
  expect(refused.stderr).toContain('--yes')
  expect(await projectFile()).toEqual({ application: 'mine' })
  expect((await lucree(['init', '--yes'], { cwd: dir })).code).toBe(0)
  expect(await projectFile()).toMatchObject({ application: 'shop' })
})
