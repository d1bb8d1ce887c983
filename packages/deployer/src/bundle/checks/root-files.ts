import { posix } from 'node:path'
import { readdirSync } from 'node:fs'
import { isUtf16 } from '../../document/utf16.ts'
import { SourceError } from '../../errors.ts'
import type { Culprit } from '../files/ignore-rules.ts'
import { mendOfDeeper } from './deeper-dockerfile.ts'
import type { CheckedSource, Warn } from './checked-source.ts'

/** Refuses a bundle whose root the platform would not recognise, or would take for something else. */
export function checkRoot(source: CheckedSource, warn: Warn): void {
  const atRoot = new Set(source.entries.map((entry) => entry.path).filter((path) => !path.includes('/')))
  refuseCompose(atRoot, source)
  const { ignoreFile } = source.selection
  if (isUtf16(source.textOf(ignoreFile) ?? '')) {
    warn(
      `${ignoreFile} is in UTF-16, in which docker finds no pattern that matches anything: save it as UTF-8.`,
    )
  }
  if (atRoot.has('.env')) {
    warn('.env is in the bundle: everyone who can read the version can read what it holds.')
  }
  if (atRoot.has('Dockerfile') || atRoot.has('Dockerrun.aws.json')) return
  refuseMiscasedDockerfile(source)
  throw nothingToRun(source)
}

/** A `dockerfile` is none for Beanstalk. Called when the bundle has nothing else to run. */
export function refuseMiscasedDockerfile({ entries }: CheckedSource): void {
  const miscased = entries.find(
    ({ path }) => path !== 'Dockerfile' && path.toLowerCase() === 'dockerfile',
  )?.path
  if (miscased === undefined) return
  throw new SourceError(`${miscased} must be called Dockerfile`, {
    code: 'LUC-SOURCE-DOCKERFILE-NAME',
    why: 'Beanstalk looks for that exact name, with a capital D',
    hints: [`git mv ${miscased} Dockerfile (or mv)`],
  })
}

/** With one of these Beanstalk runs Docker Compose and reads neither Dockerfile nor Dockerrun's image and ports. */
function refuseCompose(atRoot: Set<string>, { selection, appending }: CheckedSource): void {
  const name = ['docker-compose.yml', 'docker-compose.yaml'].find((compose) => atRoot.has(compose))
  if (!name) return
  throw new SourceError(`${name} would win over the Dockerfile`, {
    code: 'LUC-SOURCE-COMPOSE',
    why: 'Beanstalk runs Docker Compose as soon as the bundle has that file, without its own proxy',
    hints: [`Leave it out: ${appending(name, selection.ignoreFile)}`],
  })
}

function nothingToRun(source: CheckedSource): SourceError {
  const { name, directory, selection } = source
  const isThere = directory !== undefined && readdirSync(directory).includes('Dockerfile')
  const left = isThere ? selection.reason('Dockerfile') : undefined
  return new SourceError(`There is no Dockerfile in ${name}`, {
    code: 'LUC-SOURCE-NO-DOCKERFILE',
    why: isRule(left)
      ? `${left.file}:${left.line} leaves it out: ${left.rule}`
      : 'Beanstalk needs a Dockerfile, or a Dockerrun.aws.json that names an image, at the root of the bundle',
    hints: isRule(left) ? [`Take line ${left.line} out of ${left.file}.`] : mends(source),
  })
}

function isRule(reason: Culprit | 'git' | 'env' | undefined): reason is Culprit {
  return typeof reason === 'object'
}

function mends(source: CheckedSource): string[] {
  const deeper = source.entries
    .filter(({ path }) => posix.basename(path) === 'Dockerfile')
    .map(({ path }) => posix.dirname(path))
  if (source.directory === undefined) return zipMends(deeper)
  if (deeper.length > 0) return deeper.slice(0, 3).map((directory) => mendOfDeeper(directory, source))
  return ['Write one, or set "source" in lucree.json to the directory that has it.']
}

/** Whoever zips a directory from above it has its name in front of every path. */
function zipMends([directory]: string[]): string[] {
  return directory === undefined
    ? [
        'lucree bundle --output bundle.zip   # run it in the directory of the source: makes a zip that can be deployed',
      ]
    : [
        `Make the zip inside ${directory}, so that the Dockerfile is at its root: cd ${directory} && lucree bundle --output ../bundle.zip`,
      ]
}
