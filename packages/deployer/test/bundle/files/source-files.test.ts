import { execFile } from 'node:child_process'
import { chmod, readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { describe, expect, test } from 'vitest'
import { bundle, DOCKERFILE, refusal, shipped } from '../bundled.ts'
import { sourceTree } from '../source-tree.ts'

const run = promisify(execFile)

describe('what ships', () => {
  test('is the source less .dockerignore, with its negations', async () => {
    const tree = {
      '.dockerignore': '*\n!dist\ndist/*.map\n',
      'dist/main.js': '',
      'dist/main.js.map': '',
      'src/main.ts': '',
    }
    expect(await shipped(tree)).toEqual(['.dockerignore', 'Dockerfile', 'dist/main.js'])
  })

  test('has what Beanstalk and docker read themselves, whatever .dockerignore says', async () => {
    const tree = {
      '.dockerignore': '*\n.*\n',
      'Dockerrun.aws.json': '{"AWSEBDockerrunVersion": "1"}',
      '.ebextensions/a.config': '',
      '.platform/nginx/conf.d/b.conf': '',
    }
    expect(await shipped(tree)).toEqual([
      '.dockerignore',
      '.ebextensions/a.config',
      '.platform/nginx/conf.d/b.conf',
      'Dockerfile',
      'Dockerrun.aws.json',
    ])
  })

  test('has what .gitignore names, because a Dockerfile copies built files', async () => {
    expect(await shipped({ '.gitignore': 'dist', 'dist/a': '' })).toContain('dist/a')
  })

  test('has no .git and no .env file at any depth', async () => {
    const tree = {
      '.git/config': '',
      'sub/.git': 'gitdir',
      '.env': 'A=1',
      '.env.local': '',
      'config/.env': '',
      'x.env': '',
    }
    expect(await shipped(tree)).toEqual(['Dockerfile', 'x.env'])
  })

  test('is less .ebignore, in the syntax of .gitignore', async () => {
    expect(await shipped({ '.ebignore': '*.md\n', 'docs/a.md': '', 'a.txt': '' })).toEqual([
      '.ebignore',
      'Dockerfile',
      'a.txt',
    ])
  })

  test('follows Dockerfile.dockerignore rather than .dockerignore, as BuildKit does', async () => {
    const tree = { '.dockerignore': 'a', 'Dockerfile.dockerignore': 'b', a: '', b: '' }
    expect(await shipped(tree)).toEqual(['.dockerignore', 'Dockerfile', 'Dockerfile.dockerignore', 'a'])
  })

  test('has files with odd names as they are', async () => {
    const names = ['a:b', 'c d', 'é', '-x', 'new\nline', 'a/b:c']
    const made = await bundle({
      Dockerfile: DOCKERFILE,
      ...Object.fromEntries(names.map((name) => [name, name])),
    })
    const script =
      'import sys,zipfile,json; z=zipfile.ZipFile(sys.argv[1]); print(json.dumps({n: z.read(n).decode() for n in z.namelist()}))'
    const { stdout } = await run('python3', ['-c', script, made.path])
    expect(JSON.parse(stdout)).toEqual({
      Dockerfile: DOCKERFILE,
      ...Object.fromEntries(names.map((name) => [name, name])),
    })
  })
})

describe('include', () => {
  test('adds files and directories of the project at their place in the project', async () => {
    const projectDir = await sourceTree({
      'packages/api/Dockerfile': DOCKERFILE,
      'Dockerrun.aws.json': '{"AWSEBDockerrunVersion": "1"}',
      'shared/a/b.txt': '',
      'shared/.env': 'SECRET=1',
    })
    const request = {
      projectDir,
      source: join(projectDir, 'packages/api'),
      include: ['Dockerrun.aws.json', 'shared'],
    }
    expect(await shipped({}, request)).toEqual(['Dockerfile', 'Dockerrun.aws.json', 'shared/a/b.txt'])
  })

  test('brings in an .env file of the source that it names', async () => {
    const tree = { '.dockerignore': '.env*', '.env.defaults': 'A=1', '.env': '' }
    expect(await shipped(tree, { include: ['.env.defaults'] })).toEqual([
      '.dockerignore',
      '.env.defaults',
      'Dockerfile',
    ])
  })

  test('brings in no .env file of a directory that it names, unless that is named too', async () => {
    const tree = { 'config/a.json': '{}', 'config/.env': 'SECRET=1', 'config/.env.defaults': 'A=1' }
    expect(await shipped(tree, { include: ['config', 'config/.env.defaults'] })).toEqual([
      'Dockerfile',
      'config/.env.defaults',
      'config/a.json',
    ])
  })

  test('is refused for a path that does not exist, that leaves the project, or that is there already', async () => {
    const projectDir = await sourceTree({
      'api/Dockerfile': DOCKERFILE,
      'api/a': '1',
      a: '2',
      out: { link: '/etc/hostname' },
    })
    const refused = (include: string[]) =>
      refusal(shipped({}, { projectDir, source: join(projectDir, 'api'), include }))
    expect((await refused(['nope'])).message).toBe('nope is named in "include" and does not exist')
    expect((await refused(['out'])).message).toContain('lies outside of the project')
    expect((await refused(['a'])).message).toBe('a would be in the bundle twice')
  })
})

describe('a symlink', () => {
  test('ships as a link when it stays inside, also when it leads nowhere', async () => {
    const made = await bundle({
      Dockerfile: DOCKERFILE,
      'a/b': { link: '../c' },
      c: 'x',
      d: { link: 'nowhere' },
    })
    expect(made.entries.filter(({ kind }) => kind === 'symlink').map(({ path }) => path)).toEqual([
      'a/b',
      'd',
    ])
    const { stdout } = await run('unzip', ['-p', made.path, 'a/b'])
    expect(stdout).toBe('../c')
  })

  test.each(['/etc/passwd', '../outside', 'a/../../outside', 'up/outside'])(
    'to %s ships as docker sends it, and is told because it leaves the source',
    async (target) => {
      const tree = { Dockerfile: DOCKERFILE, 'a/x': '', link: { link: target } }
      const outer = await sourceTree({ outside: '' })
      const source = await sourceTree(
        target.startsWith('up/') ? { ...tree, '.dockerignore': 'up', up: { link: outer } } : tree,
      )
      const made = await bundle({}, { source })
      expect(made.warnings).toEqual([expect.stringContaining(`link is a symlink to ${target}, `)])
      expect((await run('unzip', ['-p', made.path, 'link'])).stdout).toBe(target)
    },
  )

  test('that leaves the source does no harm where it does not ship', async () => {
    expect(
      await shipped({ '.dockerignore': 'node_modules', 'node_modules/x': { link: '/etc' } }),
    ).toHaveLength(2)
  })
})

describe('a source that can’t be read', () => {
  test('is refused with the name of the file or directory', async () => {
    const source = await sourceTree({ Dockerfile: DOCKERFILE, 'secret/key': 'x', locked: 'y' })
    await chmod(join(source, 'locked'), 0o000)
    const file = await refusal(asNobody(source, () => bundle({}, { source })))
    expect(file).toMatchObject({
      message: "locked can't be read",
      code: 'LUC-SOURCE-UNREADABLE',
      exitCode: 4,
    })
    await chmod(join(source, 'secret'), 0o000)
    const directory = await refusal(asNobody(source, () => bundle({}, { source })))
    expect(directory.message).toBe("secret can't be read")
    await chmod(join(source, 'secret'), 0o755)
  })

  test('is refused when it is not there or not a directory', async () => {
    const source = await sourceTree({ file: '' })
    expect((await refusal(bundle({}, { source: join(source, 'nope') }))).code).toBe('LUC-SOURCE-NO-DIRECTORY')
    expect((await refusal(bundle({}, { source: join(source, 'file') }))).code).toBe('LUC-SOURCE-NO-DIRECTORY')
  })
})

test('names arrive as they are when unzip unpacks them, a control character is told', async () => {
  const names = ['a:b', 'a\\b', 'c*d?', 'é', ' x ', '-r']
  const made = await bundle({
    Dockerfile: DOCKERFILE,
    ...Object.fromEntries(names.map((name) => [name, ''])),
  })
  expect(made.warnings).toEqual([])
  const out = await sourceTree({})
  await run('unzip', ['-q', '-o', made.path, '-d', out])
  expect((await readdir(out)).sort()).toEqual(['Dockerfile', ...names].sort())
  const { warnings } = await bundle({ Dockerfile: DOCKERFILE, 'new\nline': '' })
  expect(warnings).toEqual([
    '"new\\nline" has a control character in its name, which unzip drops on the instance: rename it.',
  ])
})

test('a socket or a pipe stays out and is told of', async () => {
  const source = await sourceTree({ Dockerfile: DOCKERFILE })
  await run('mkfifo', [join(source, 'pipe')])
  const made = await bundle({}, { source })
  expect(made.warnings).toEqual(['pipe is neither a file nor a directory and stays out of the bundle.'])
  expect(made.entries).toHaveLength(1)
})

/** Root may read everything, so that a test that runs as root has to be somebody else for a while. */
async function asNobody<T>(source: string, call: () => Promise<T>): Promise<T> {
  if (process.geteuid?.() !== 0) return await call()
  await chmod(source, 0o755)
  process.seteuid?.(65534)
  try {
    return await call()
  } finally {
    process.seteuid?.(0)
  }
}
