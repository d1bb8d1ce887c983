import { chmod, mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { onTestFinished } from 'vitest'

/** What a test tree holds: a path and its content; `{ link }` is a symlink, `{ run }` an executable; a path with a slash at its end is a directory. */
export type Tree = Record<string, string | Buffer | { link: string } | { run: string }>

/** Makes a directory with these files that is removed after the test. */
export async function sourceTree(tree: Tree): Promise<string> {
  const root = await mkdtemp(join(tmpdir(), 'lucree-test-'))
  onTestFinished(() => rm(root, { recursive: true, force: true }))
  for (const [path, content] of Object.entries(tree)) await put(root, path, content)
  return root
}

export async function put(root: string, path: string, content: Tree[string]): Promise<void> {
  const file = join(root, path)
  if (path.endsWith('/')) {
    await mkdir(file, { recursive: true })
    return
  }
  await mkdir(dirname(file), { recursive: true })
  if (typeof content === 'string' || Buffer.isBuffer(content)) await writeFile(file, content)
  else if ('link' in content) await symlink(content.link, file)
  else {
    await writeFile(file, content.run)
    await chmod(file, 0o755)
  }
}
