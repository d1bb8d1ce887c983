import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { systemCode, unreadable } from '../source-failures.ts'
import { readDockerIgnore } from './docker-ignore.ts'
import { ebRules } from './eb-ignore.ts'
import { noRules, type Culprit } from './ignore-rules.ts'

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
  /** The ignore file that docker reads, where a line that leaves something out belongs. */
  ignoreFile: string
}

const EB_IGNORE = '.ebignore'
/** Files that Beanstalk or docker reads before any ignore file of docker's has a say. */
const platformFiles = /^(Dockerfile|Dockerrun\.aws\.json|\.dockerignore|Dockerfile\.dockerignore)$/
const platformDirectories = /^\.(ebextensions|platform)(\/|$)/

/** @param wanted `.env*` files and others of the source that `include` names, relative to the source. */
export function readSelection(source: string, wanted: string[]): Selection {
  const docker = readDockerIgnore((name) => readText(source, name))
  const ebText = readText(source, EB_IGNORE)
  const eb = ebText === undefined ? noRules : ebRules(EB_IGNORE, ebText)
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
    ignoreFile: docker.file,
  }
}

function readText(source: string, name: string): string | undefined {
  try {
    return readFileSync(join(source, name), 'utf8')
  } catch (error) {
    if (systemCode(error) === 'ENOENT') return undefined
    throw unreadable(name, error)
  }
}
