import { existsSync, readFileSync, realpathSync } from 'node:fs'
import { homedir } from 'node:os'
import { dirname, isAbsolute, join, relative, resolve, sep } from 'node:path'
import { UsageError } from '../errors.ts'
import { readJson } from '../document/json-document.ts'
import type { Position } from '../document/position.ts'
import { projectSchema, type ProjectSettings } from './project-schema.ts'

export const PROJECT_FILE = 'lucree.json'

/** What `lucree.json` says, and where it stands. */
export interface Project {
  /** Directory of `lucree.json`, or the working directory without one; absolute. */
  dir: string
  /** The file itself; undefined without one. */
  file: string | undefined
  settings: ProjectSettings
}

/**
 * Reads the nearest `lucree.json` from `cwd` upwards. The search ends at the root of a git checkout and at the home directory: a file
 * above belongs to something else.
 * @throws UsageError with line and column when it is broken.
 */
export async function loadProject(cwd: string, home = homedir()): Promise<Project> {
  const file = findProjectFile(resolve(cwd), resolve(home))
  if (file === undefined) return { dir: resolve(cwd), file, settings: {} }
  return { dir: dirname(file), file, settings: parseProject(read(file), dirname(file)) }
}

/** @param dir of the file; paths in it must stay inside. */
export function parseProject(text: string, dir: string): ProjectSettings {
  const result = readJson(text.replace(/^\ufeff/, ''), projectSchema)
  if ('problem' in result) {
    const { message, position, excerpt } = result.problem
    throw broken(message, position, excerpt)
  }
  const { value: settings, positionOf } = result
  const paths: [string, (string | number)[]][] = (settings.include ?? []).map((path, index) => [
    path,
    ['include', index],
  ])
  if (settings.source !== undefined) paths.unshift([settings.source, ['source']])
  for (const [path, key] of paths) {
    if (!staysInside(dir, path)) {
      throw broken(`"${key[0]}": ${path} leaves the directory of ${PROJECT_FILE}`, positionOf(key), [
        'Name a path below it, or move the file up.',
      ])
    }
  }
  for (const [key, value] of Object.entries(settings.environments ?? {})) {
    const most = value.maxInstances ?? Infinity
    if ((value.minInstances ?? 1) > most) {
      throw broken(
        `"environments.${key}": minInstances is more than maxInstances`,
        positionOf(['environments', key, 'minInstances']),
      )
    }
    if (value.type !== 'load-balanced' && Math.max(value.minInstances ?? 1, value.maxInstances ?? 1) > 1) {
      throw broken(
        `"environments.${key}": several instances need "type": "load-balanced"`,
        positionOf(['environments', key, value.maxInstances === undefined ? 'minInstances' : 'maxInstances']),
      )
    }
  }
  return settings
}

function findProjectFile(cwd: string, home: string): string | undefined {
  for (let directory = cwd; ; directory = dirname(directory)) {
    const file = join(directory, PROJECT_FILE)
    if (existsSync(file)) return file
    if (existsSync(join(directory, '.git')) || directory === home || directory === dirname(directory))
      return undefined
  }
}

function read(file: string): string {
  try {
    return readFileSync(file, 'utf8')
  } catch (error) {
    throw new UsageError(`${file} can't be read`, {
      code: 'LUC-PROJECT-UNREADABLE',
      why: error instanceof Error ? error.message : String(error),
      cause: error,
    })
  }
}

function broken(message: string, { line, column }: Position, evidence: string[] = []): UsageError {
  return new UsageError(`${PROJECT_FILE}:${line}:${column}: ${message}`, {
    code: 'LUC-PROJECT-INVALID',
    evidence,
    hints: [`Mend line ${line} of ${PROJECT_FILE}.`],
  })
}

function staysInside(dir: string, path: string): boolean {
  const full = resolve(dir, path)
  if (isAbsolute(path) || !below(dir, full)) return false
  return !existsSync(full) || below(realpathSync(dir), realpathSync(full))
}

function below(dir: string, path: string): boolean {
  const way = relative(dir, path)
  return way !== '..' && !way.startsWith(`..${sep}`) && !isAbsolute(way)
}
