import { existsSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { basename, dirname, join, relative } from 'node:path'
import { applicationNameFrom } from '../../config/names.ts'
import type { ProjectSettings } from '../../config/project-schema.ts'
import { EB_CONFIG, readEbProject, type EbProject } from './eb-config.ts'
import { findSources } from './find-source.ts'
import { readDockerfile } from './read-dockerfile.ts'

/** A project file that fits a directory, and what its owner should know of it. */
export interface Proposal {
  settings: ProjectSettings
  /** The file of the EB CLI that it was made from. */
  importedFrom: string | undefined
  /** Each one sentence. */
  remarks: string[]
}

/** Looks at a directory and proposes its `lucree.json`; writes nothing. */
export async function propose(dir: string): Promise<Proposal> {
  const eb = await readEbProject(dir)
  const sources = await findSources(dir)
  const source = sources.length === 1 ? sources[0] : undefined
  const facts =
    source === undefined ? undefined : readDockerfile(await readFile(join(dir, source, 'Dockerfile'), 'utf8'))
  const extra = facts?.healthCheck === undefined ? {} : { healthCheck: facts.healthCheck }
  const environments = eb?.environments.length
    ? Object.fromEntries(eb.environments.map((name) => [name, { name, ...extra }]))
    : { production: extra }
  return {
    settings: {
      $schema: schemaPath(dir),
      application: eb?.application ?? (await guessName(dir, source)),
      ...(source === undefined || source === '.' ? {} : { source }),
      ...(eb?.region === undefined ? {} : { region: eb.region }),
      ...(facts && Object.keys(facts.env).length > 0 ? { env: facts.env } : {}),
      environments,
    },
    importedFrom: eb && EB_CONFIG,
    remarks: [...remarksOnSources(sources), ...(eb ? remarksOnEb(eb) : [])],
  }
}

/** The name in package.json of the source, else of the project, else the directory's. */
async function guessName(dir: string, source: string | undefined): Promise<string> {
  for (const place of source === undefined ? [dir] : [join(dir, source), dir]) {
    const file = join(place, 'package.json')
    if (!existsSync(file)) continue
    const name = /"name"\s*:\s*"([^"\\]+)"/.exec(await readFile(file, 'utf8'))?.[1]
    if (name) return applicationNameFrom(name)
  }
  return applicationNameFrom(basename(dir))
}

/** Where an editor finds the schema: the nearest installed lucree. */
function schemaPath(dir: string): string {
  for (let place = dir; ; place = dirname(place)) {
    const found = join(place, 'node_modules', 'lucree', 'schema.json')
    if (existsSync(found)) return relative(dir, found).replace(/^(?!\.)/, './')
    if (place === dirname(place)) return './node_modules/lucree/schema.json'
  }
}

function remarksOnSources(sources: string[]): string[] {
  if (sources.length === 0) return ['There is no Dockerfile yet: a deploy needs one in the source directory']
  if (sources.length === 1) return []
  return [`Several directories have a Dockerfile (${sources.join(', ')}): name the one to deploy as "source"`]
}

function remarksOnEb({ profile, platform, artifact }: EbProject): string[] {
  return [
    ...(profile ? [`The EB CLI uses the profile ${profile}: give it with --profile or LUCREE_PROFILE`] : []),
    ...(platform && !/docker/i.test(platform)
      ? [`The EB CLI's platform is ${platform}; lucree deploys to Docker on Amazon Linux 2023 only`]
      : []),
    ...(artifact
      ? [`The EB CLI deploys ${artifact}; lucree makes the bundle itself, from the source directory`]
      : []),
  ]
}
