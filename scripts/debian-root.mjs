import { createHash } from 'node:crypto'
import { existsSync, mkdirSync, mkdtempSync, renameSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { root, step } from './run.mjs'

const cache = join(root, '.cache', 'debian-root')

/**
 * Where the root of a recipe is, whether it is there or not; another recipe is another directory.
 *
 * @param {{ suite: string, include: string[] }} recipe a release of Debian, whatever this machine is, and packages of it
 */
export const debianRoot = (recipe) =>
  join(cache, createHash('sha256').update(JSON.stringify(recipe)).digest('hex').slice(0, 12))

/** Makes the root of a recipe from Debian's packages with mmdebstrap, unless it is there. */
export async function makeDebianRoot(recipe) {
  const made = debianRoot(recipe)
  if (existsSync(made)) return made
  mkdirSync(cache, { recursive: true })
  const room = mkdtempSync(join(cache, 'new-'))
  const target = join(room, 'root')
  const packages = `--include=${recipe.include.join(',')}`
  try {
    await step(
      `Making a root of Debian ${recipe.suite} with ${recipe.include[0]}`,
      'mmdebstrap',
      ['--quiet', '--variant=apt', packages, recipe.suite, target],
      { deadlineMs: 300_000 },
    )
    renameSync(target, made)
    return made
  } finally {
    rmSync(room, { recursive: true, force: true })
  }
}
