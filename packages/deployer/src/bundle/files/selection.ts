import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { systemCode, unreadable } from '../source-failures.ts'
import { dockerRules, ebRules, noRules, type Culprit, type IgnoreRules } from './ignore-rules.ts'

/** Which paths of a source directory ship, and why the others don't. */
export interface Selection {
  ships: (path: string) => boolean
  /** Whether a directory needn't be read. */
  prunes: (directory: string) => boolean
  /** The reason why a path stays out; undefined for one that ships. */
  reason: (path: string) => Culprit | 'git' | 'env' | undefined
  /** Whether `docker build` on the instance will see a path of the bundle: the ignore file ships too and is read again there. */
  inBuildContext: (path: string) => boolean
  /** The rule that hides a path of the bundle from `docker build`. */
  hiddenFromBuild: (path: string) => Culprit | undefined
}

/** Files that Beanstalk or docker reads before any ignore file of docker's has a say. */
const platformFiles = /^(Dockerfile|Dockerrun\.aws\.json|\.dockerignore|Dockerfile\.dockerignore)$/
const platformDirectories = /^\.(ebextensions|platform)(\/|$)/

/** @param wanted `.env*` files and others of the source that `include` names, relative to the source. */
export function readSelection(source: string, wanted: string[]): Selection {
  const docker = readDockerRules(source)
  const eb = readRules(source, '.ebignore', ebRules) ?? noRules
  const named = (path: string) => wanted.some((name) => path === name || path.startsWith(`${name}/`))
  const leadsToNamed = (path: string) => wanted.some((name) => name.startsWith(`${path}/`))
  const ofPlatform = (path: string) => platformFiles.test(path) || platformDirectories.test(path)

  const hidden = (path: string) => {
    if (/(^|\/)\.git(\/|$)/.test(path)) return 'git'
    // A directory that is named doesn't bring the .env files in it.
    const names = ['', ...wanted.filter((name) => path === name || path.startsWith(`${name}/`))]
    return names.every((name) => /(^|\/)\.env[^/]*(\/|$)/.test(path.slice(name.length))) ? 'env' : undefined
  }
  const reason = (path: string) => {
    const own = hidden(path)
    if (own || named(path)) return own
    return (ofPlatform(path) ? undefined : docker.culprit(path)) ?? eb.culprit(path)
  }
  const ships = (path: string) => {
    if (hidden(path)) return false
    return named(path) || ((ofPlatform(path) || !docker.ignores(path)) && !eb.ignores(path))
  }
  const prunes = (directory: string) => {
    if (named(directory) || leadsToNamed(directory)) return false
    if (hidden(directory)) return true
    return (!ofPlatform(directory) && docker.prunes(directory)) || eb.prunes(directory)
  }
  return {
    ships,
    prunes,
    reason,
    inBuildContext: (path) => !docker.ignores(path),
    hiddenFromBuild: docker.culprit,
  }
}

/** BuildKit prefers the ignore file that bears the Dockerfile's name. */
function readDockerRules(source: string): IgnoreRules {
  return (
    readRules(source, 'Dockerfile.dockerignore', dockerRules) ??
    readRules(source, '.dockerignore', dockerRules) ??
    noRules
  )
}

function readRules(
  source: string,
  name: string,
  rulesOf: (file: string, text: string) => IgnoreRules,
): IgnoreRules | undefined {
  try {
    return rulesOf(name, readFileSync(join(source, name), 'utf8'))
  } catch (error) {
    if (systemCode(error) === 'ENOENT') return undefined
    throw systemCode(error) ? unreadable(name, error) : error
  }
}
