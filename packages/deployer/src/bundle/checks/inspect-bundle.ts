import { LucreeError } from '../../errors.ts'
import { type FinalImage, finalImageOf } from '../dockerfile/final-image.ts'
import { parseDockerfile } from '../dockerfile/parse-dockerfile.ts'
import { finalPlatform, pulledImages } from '../dockerfile/pulled-images.ts'
import { checkBuilderFeatures } from './builder-features.ts'
import type { CheckedSource, Warn } from './checked-source.ts'
import { checkCopies } from './copy-sources.ts'
import { checkDockerrun, dockerrunImage } from './dockerrun.ts'
import { exposedPort } from './exposed-port.ts'
import { checkHooks } from './hooks.ts'
import { checkRoot } from './root-files.ts'

/** What one of the checks of a bundle found: a refusal, or nothing but what it warns of. */
export interface Finding {
  check: 'root' | 'Dockerrun' | 'hooks' | 'Dockerfile' | 'copies' | 'port'
  refusal: LucreeError | undefined
  warnings: string[]
}

/** What the platform will do with a bundle, and what every check of it found. */
export interface InspectedBundle {
  /** One for each check that applies, in the order in which a deploy makes them. */
  findings: Finding[]
  /** Images that the build pulls, or that Dockerrun names. */
  images: string[]
  /** Platform that the Dockerfile asks for, such as `linux/arm64`. */
  platform: string | undefined
  /** Port that the platform's proxy will forward to. */
  port: number | undefined
  /** What the Dockerfile says of its image; undefined without one that a builder takes. */
  image: FinalImage | undefined
}

/** Reads a bundle as the platform will, check by check, so that a refusal doesn't hide the next. */
export function inspectBundle(source: CheckedSource): InspectedBundle {
  const findings: Finding[] = []
  const make = <T>(check: Finding['check'], run: (warn: Warn) => T): T | undefined => {
    const finding: Finding = { check, refusal: undefined, warnings: [] }
    findings.push(finding)
    try {
      return run((sentence) => finding.warnings.push(sentence))
    } catch (error) {
      if (!(error instanceof LucreeError)) throw error
      finding.refusal = error
      return undefined
    }
  }
  make('root', (warn) => checkRoot(source, warn))
  const dockerrunPort = make('Dockerrun', (warn) => checkDockerrun(source, warn))
  make('hooks', () => checkHooks(source))
  const text = source.textOf('Dockerfile')
  if (text === undefined) {
    const pulled = dockerrunImage(source)
    return {
      findings,
      images: pulled ? [pulled] : [],
      platform: undefined,
      port: dockerrunPort,
      image: undefined,
    }
  }
  const dockerfile = parseDockerfile(text)
  make('Dockerfile', (warn) => checkBuilderFeatures(dockerfile, warn))
  make('copies', () => checkCopies(dockerfile, source))
  const built = dockerfile.stages.length > 0
  const port = dockerrunPort ?? (built ? make('port', (warn) => exposedPort(dockerfile, warn)) : undefined)
  const image = finalImageOf(text, source.textOf)
  return { findings, images: pulledImages(dockerfile), platform: finalPlatform(dockerfile), port, image }
}
