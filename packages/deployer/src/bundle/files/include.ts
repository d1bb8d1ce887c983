import { existsSync, realpathSync, statSync } from 'node:fs'
import { join, relative, resolve, sep } from 'node:path'
import { SourceError } from '../../errors.ts'
import type { SourceFile } from '../source-file.ts'
import { isInside } from './symlink.ts'
import { type OnLeft, regular, walk } from './walk.ts'

/**
 * Where a path of `include` is: relative to the project, or, when it isn't there, to the source. One in the source keeps its place in
 * the bundle, any other goes where it is relative to the project.
 */
export function locateInclude(name: string, projectDir: string, source: string): string {
  const found = [resolve(projectDir, name), resolve(source, name)].find((path) => existsSync(path))
  if (found === undefined) {
    throw new SourceError(`${name} is named in "include" and does not exist`, {
      code: 'LUC-SOURCE-INCLUDE',
      why: `it is neither in ${projectDir} nor in ${source}`,
      hints: [`Make it, or take "${name}" out of "include" in lucree.json.`],
    })
  }
  if (
    !isInside(realpathSync(projectDir), realpathSync(found)) &&
    !isInside(realpathSync(source), realpathSync(found))
  ) {
    throw new SourceError(`${name} is named in "include" and lies outside of the project`, {
      code: 'LUC-SOURCE-INCLUDE',
      hints: [`Copy it into ${projectDir}.`],
    })
  }
  return found
}

/** The files of an included path that lies outside of the source; no ignore file applies, what is named is wanted. */
export async function readInclude(
  path: string,
  projectDir: string,
  {
    onWarning,
    onLeft,
    signal,
  }: { onWarning: (sentence: string) => void; onLeft?: OnLeft | undefined; signal: AbortSignal },
): Promise<SourceFile[]> {
  const prefix = relative(projectDir, path).split(sep).join('/')
  const stats = statSync(path)
  if (!stats.isDirectory()) return [regular(prefix, realpathSync(path), stats)]
  const hidden = (inside: string) => /(^|\/)(\.git|\.env[^/]*)(\/|$)/.test(inside)
  const ships = (inside: string) => !hidden(inside)
  return await walk({
    ...{ root: join(path), prefix, ships, prunes: hidden, onWarning, signal },
    onLeft: (inside, kind) => onLeft?.(`${prefix}/${inside}`, kind),
  })
}
