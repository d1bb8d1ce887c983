import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import {
  chmod,
  lstat,
  mkdir,
  mkdtemp,
  readFile,
  readdir,
  readlink,
  realpath,
  rm,
  symlink,
  writeFile,
} from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { systemClock } from '../../../src/clock.ts'
import { ProcessRuntime } from '../../../src/runtime/process.ts'
import { containedLink } from '../../../src/runtime/process/contained-link.ts'
import { readImageConfig, type ImageConfig } from '../../../src/runtime/process/image.ts'
import { BuildFailed, type BuiltImage } from '../../../src/runtime/runtime.ts'
import { eventually } from '../fixture.ts'

type ContextFile = string | 1 | { link?: string; mode?: number; b64?: string }

interface Case {
  name: string
  dockerfile: string
  files?: Record<string, ContextFile>
  refused?: string
  exit?: number
  config?: {
    User: string
    Cmd: string[] | null
    Entrypoint: string[] | null
    WorkingDir: string
    Env: string[]
    Ports: string[]
    Volumes: string[]
  }
  tree?: Record<string, string>
  seen?: { env: Record<string, string>; cwd: string; argv: string[] }
}

const packages = join(import.meta.dirname, '../../../..')

/** What BuildKit of Docker 26.1.5 made of each Dockerfile, and what a container of it saw. */
const cases = readFileSync(join(packages, 'docker-context/test/cases/dockerfiles.jsonl'), 'utf8')
  .split('\n')
  .filter((line) => line !== '')
  .map((line) => JSON.parse(line) as Case)

/** The rows of BEHAVIOR.md's list of what one machine can't do: their first column is a case's name. */
const impossible = /#### Dockerfiles that the process runtime[^\n]*\n([\s\S]*?)(?=\n#### )/
  .exec(readFileSync(join(packages, 'emulator/src/services/elasticbeanstalk/BEHAVIOR.md'), 'utf8'))?.[1]
  ?.matchAll(/^\| `([^`]+)` \|/gm)
const excused = new Set(Array.from(impossible ?? [], ([, name = '']) => name))

const REPORT = `console.log(JSON.stringify({ env: process.env, cwd: process.cwd(), argv: process.argv.slice(1) }))\n`
const TREES = ['app', 'x', 'srv', 'data']

const signal = new AbortController().signal

let home = ''
beforeAll(async () => {
  home = await realpath(await mkdtemp(join(tmpdir(), 'lucree-table-')))
})
afterAll(() => rm(home, { recursive: true, force: true }))

async function contextOf({ dockerfile, files = {} }: Case): Promise<string> {
  const directory = await mkdtemp(join(home, 'context-'))
  const all: Record<string, ContextFile> = { Dockerfile: dockerfile, 'report.cjs': REPORT, ...files }
  for (const [name, content] of Object.entries(all)) {
    const path = join(directory, name)
    await mkdir(name.endsWith('/') ? path : dirname(path), { recursive: true })
    if (typeof content === 'string') await writeFile(path, content, { mode: 0o644 })
    else if (content === 1) continue
    else if (content.link !== undefined) await symlink(content.link, path)
    else if (content.b64 !== undefined) await writeFile(path, Buffer.from(content.b64, 'base64'))
    else {
      await writeFile(path, name)
      await chmod(path, content.mode ?? 0o644)
    }
  }
  return directory
}

interface Outcome {
  refused?: string
  exit?: number
  config?: Case['config']
  tree?: Record<string, string>
  seen?: Case['seen']
}

async function outcomeOf(one: Case): Promise<Outcome> {
  const dir = await mkdtemp(join(home, 'runtime-'))
  const runtime = new ProcessRuntime({ dir, clock: systemClock })
  try {
    return await buildAndRun(one, runtime, dir)
  } finally {
    await runtime.sweep([], [])
  }
}

async function buildAndRun(one: Case, runtime: ProcessRuntime, dir: string): Promise<Outcome> {
  const sourceDir = await contextOf(one)
  let image: BuiltImage
  try {
    image = await runtime.build({ sourceDir, name: 'app', log: () => undefined, signal })
  } catch (error) {
    if (error instanceof BuildFailed) return { refused: error.message }
    throw error
  }
  const ran = await runOf(runtime, dir, image)
  const root = join(image.ref, 'root')
  return {
    config: configOf(await readImageConfig(image.ref)),
    exit: ran.exit,
    ...(ran.output === '' ? {} : { seen: seenIn(ran.output, root) }),
    tree: await treeOf(root),
  }
}

/** Starts a container as the platform does, and waits for its end. */
async function runOf(runtime: ProcessRuntime, dir: string, image: BuiltImage) {
  const outputFile = join(dir, 'output.log')
  try {
    const container = await runtime.start({ image, name: 'one', env: {}, port: 8080, outputFile, signal })
    const exit = await eventually(async () => {
      const state = await runtime.inspect(container)
      return state.running ? undefined : state.exitCode
    })
    const output = (await readFile(outputFile, 'utf8')).split('\n').find((line) => line.startsWith('{'))
    return { exit: exit ?? -1, output: output ?? '' }
  } catch (error) {
    // As the docker command's own exit codes.
    const text = String(error)
    return { exit: /not found/.test(text) ? 127 : /permission denied/.test(text) ? 126 : 125, output: '' }
  }
}

function configOf(config: ImageConfig): Case['config'] {
  return {
    User: config.user,
    Cmd: config.cmd ?? [],
    Entrypoint: config.entrypoint ?? ['docker-entrypoint.sh'],
    WorkingDir: config.workdir,
    Env: Object.entries(config.env)
      .filter(([name]) => name !== 'NODE_VERSION')
      .map(([name, value]) => `${name}=${value}`),
    Ports: [...config.ports].sort(),
    Volumes: [...config.volumes].sort(),
  }
}

function seenIn(output: string, root: string): Case['seen'] {
  const asThere = output.replaceAll(`"${root}"`, '"/"').replaceAll(root, '')
  const report = JSON.parse(asThere) as NonNullable<Case['seen']>
  return { ...report, env: comparable(report.env) }
}

/**
 * Of a container's variables these are one machine's own: PATH and HOME lead to this machine's directories, HOSTNAME and NODE_VERSION are
 * this machine's, NODE_OPTIONS loads what keeps its port apart. `_` is bash's.
 */
function comparable(env: Record<string, string>): Record<string, string> {
  const own = ['PATH', 'HOME', 'HOSTNAME', 'NODE_VERSION', 'NODE_OPTIONS', '_']
  return Object.fromEntries(Object.entries(env).filter(([name]) => !own.includes(name)))
}

async function treeOf(root: string): Promise<Record<string, string>> {
  const tree: Record<string, string> = {}
  const walk = async (path: string): Promise<void> => {
    const place = join(root, path)
    const found = await lstat(place).catch(() => undefined)
    if (!found) return
    const mode = (found.mode & 0o7777).toString(8)
    if (found.isSymbolicLink()) tree[path] = `l ${await readlink(place)}`
    else if (found.isFile()) {
      const hash = createHash('sha256').update(await readFile(place))
      tree[path] = `f ${mode} ${hash.digest('hex').slice(0, 8)}`
    } else {
      tree[path] = `d ${mode}`
      for (const name of await readdir(place)) await walk(`${path}/${name}`)
    }
  }
  for (const path of TREES) await walk(path)
  return tree
}

/** The table's, less what differs on one machine whatever is built. */
function expectedOf({ refused, exit, config, tree, seen }: Case): Outcome {
  if (refused !== undefined) return { refused: withoutReference(refused) }
  return {
    exit,
    config: config && {
      ...config,
      Cmd: config.Cmd ?? [],
      Entrypoint: config.Entrypoint ?? [],
      Env: config.Env.filter((each) => !each.startsWith('NODE_VERSION=')),
    },
    tree: tree && ofOneMachine(tree),
    ...(seen ? { seen: { cwd: seen.cwd, argv: seen.argv, env: comparable(seen.env) } } : {}),
  }
}

/** BuildKit names a snapshot in between. */
const withoutReference = (text: string): string => text.replace(/of ref \S+:/, 'of ref …:')

const hashOf = (text: string): string => createHash('sha256').update(text).digest('hex').slice(0, 8)

/** The table's reporting program is another one than this test's, and a link leads to the same place from a mere directory. */
const ofOneMachine = (tree: Record<string, string>): Record<string, string> =>
  Object.fromEntries(
    Object.entries(tree).map(([path, what]) => {
      if (path.endsWith('/report.cjs')) return [path, `f 644 ${hashOf(REPORT)}`]
      return [path, what.startsWith('l ') ? `l ${containedLink(what.slice(2), `/${path}`)}` : what]
    }),
  )

describe.concurrent('a Dockerfile comes out as with BuildKit', () => {
  const expected = cases.filter(({ name }) => !excused.has(name))
  test.for(expected)('$name', async (one, { expect }) => {
    const { refused, ...outcome } = await outcomeOf(one)
    const got = refused === undefined ? outcome : { refused: withoutReference(refused) }
    expect(got).toEqual(expectedOf(one))
  })

  test.for(cases.filter(({ name }) => excused.has(name)))(
    '$name is listed as other, and is',
    async (one, { expect }) => {
      const outcome = await outcomeOf(one).catch((error: unknown) => ({ refused: String(error) }))
      expect(outcome).not.toEqual(expectedOf(one))
    },
  )
})

test('the list of what one machine cannot do is short and names cases of the table', () => {
  const names = cases.map(({ name }) => name)
  expect([...excused].filter((name) => !names.includes(name))).toEqual([])
  expect(excused.size).toBeLessThanOrEqual(12)
})
