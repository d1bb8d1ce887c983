import { lstat, mkdir, readdir, readFile, readlink, symlink, writeFile, chmod } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'
import { systemClock } from '../../../src/clock.ts'
import { containedLink } from '../../../src/runtime/process/contained-link.ts'
import { ProcessRuntime } from '../../../src/runtime/process.ts'
import { BuildFailed } from '../../../src/runtime/runtime.ts'
import { scratch } from '../fixture.ts'

/**
 * What BuildKit of Docker 26.1.5 made of a Dockerfile and a context (`docker buildx build --no-cache --output type=tar`, a base with busybox):
 * the tree beside the base's own directories, or the words of its refusal without the engine's own paths, and with our name for its snapshot.
 */
interface CopyCase {
  name: string
  dockerfile: string
  files?: Record<string, string | { link: string } | { b64: string } | { mode: number }>
  /** `d MODE`, `f MODE "the first 40 characters"`, `l TARGET`, `h PATH` for a hard link; then the owner when it isn't root. */
  tree?: Record<string, string>
  refused?: string
  /** Our words, where the engine's tell of its own workings. */
  ours?: string
}

const cases = (await readFile(fileURLToPath(new URL('copy-cases.jsonl', import.meta.url)), 'utf8'))
  .trim()
  .split('\n')
  .map((line) => JSON.parse(line) as CopyCase)

async function contextOf({ dockerfile, files = {} }: CopyCase): Promise<string> {
  const directory = await scratch()
  await writeFile(join(directory, 'Dockerfile'), dockerfile)
  for (const [name, content] of Object.entries(files)) {
    const path = join(directory, name)
    await mkdir(dirname(path), { recursive: true })
    if (typeof content === 'string') await writeFile(path, content)
    else if ('link' in content) await symlink(content.link, path)
    else if ('b64' in content) await writeFile(path, Buffer.from(content.b64, 'base64'))
    else {
      await writeFile(path, name)
      await chmod(path, content.mode)
    }
  }
  return directory
}

const OF_THE_BASE = /^(bin|dev|proc|sys|etc|lib|usr|home|opt|root|tmp|var|srv)(\/|$)/
const OF_A_CASE = /^(tmp|root|var|etc|usr)\/x/

async function treeOf(root: string, directory = ''): Promise<Record<string, string>> {
  const tree: Record<string, string> = {}
  for (const name of (await readdir(join(root, directory))).sort()) {
    const path = directory === '' ? name : `${directory}/${name}`
    const place = join(root, path)
    const facts = await lstat(place)
    const mode = (facts.mode & 0o7777).toString(8)
    const told = facts.isSymbolicLink()
      ? `l ${await readlink(place)}`
      : facts.isDirectory()
        ? `d ${mode}`
        : `f ${mode} ${JSON.stringify((await readFile(place)).toString().slice(0, 40))}`
    if (!OF_THE_BASE.test(path) || OF_A_CASE.test(path)) tree[path] = told
    if (facts.isDirectory()) Object.assign(tree, await treeOf(root, path))
  }
  return tree
}

/** The engine's tree as this runtime has it: files belong to whoever runs it, and links lead to the same place from a mere directory. */
function expected(tree: Record<string, string>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(tree).map(([path, told]) => {
      const unowned = told.replace(/(^d \d+|") \d+:\d+$/, '$1')
      if (unowned.startsWith('l ')) return [path, `l ${containedLink(unowned.slice(2), `/${path}`)}`]
      if (unowned.startsWith('h ')) return [path, tree[unowned.slice(2, -3)] as string]
      return [path, unowned]
    }),
  )
}

async function build(sourceDir: string): Promise<string> {
  const runtime = new ProcessRuntime({ dir: await scratch(), clock: systemClock })
  const { signal } = new AbortController()
  const { ref } = await runtime.build({ sourceDir, name: 'case', log: () => undefined, signal })
  return join(ref, 'root')
}

test.each(cases)('as BuildKit: $name', async (one) => {
  const building = contextOf(one).then(build)
  if (one.refused !== undefined) {
    await expect(building).rejects.toThrow(new BuildFailed('build', one.ours ?? one.refused))
    return
  }
  expect(await building.then((root) => treeOf(root))).toEqual(expected(one.tree ?? {}))
})
