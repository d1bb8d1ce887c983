import { LucreeError } from '../../errors.ts'
import { type FinalImage, imageOf } from '../dockerfile/final-image.ts'
import { finalPlatform, pulledImages } from '../dockerfile/pulled-images.ts'
import { type Build, readBuild } from '../dockerfile/read-build.ts'
import type { CheckedSource, Warn } from './checked-source.ts'
import { contextCopies, contextOf } from './context-copies.ts'
import { checkCopies } from './copy-sources.ts'
import { warnOfCopies } from './copy-surprises.ts'
import { checkDockerrun, dockerrunImage } from './dockerrun.ts'
import { checkExtensions } from './ebextensions.ts'
import { exposedPort } from './exposed-port.ts'
import { checkNames } from './names.ts'
import { checkRoot } from './root-files.ts'
import { warnOfShell } from './shell-form.ts'

/** What one of the checks of a bundle found: a refusal, or nothing but what it warns of. */
export interface Finding {
  check: 'root' | 'names' | 'Dockerrun' | 'extensions' | 'Dockerfile' | 'copies' | 'port'
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

type Make = <T>(check: Finding['check'], run: (warn: Warn) => T | Promise<T>) => Promise<T | undefined>

/** Reads a bundle as the platform will, check by check, so that a refusal doesn't hide the next. */
export async function inspectBundle(source: CheckedSource): Promise<InspectedBundle> {
  const findings: Finding[] = []
  const make: Make = async (check, run) => {
    const finding: Finding = { check, refusal: undefined, warnings: [] }
    findings.push(finding)
    try {
      return await run((sentence) => finding.warnings.push(sentence))
    } catch (error) {
      if (!(error instanceof LucreeError)) throw error
      finding.refusal = error
      return undefined
    }
  }
  await make('root', (warn) => checkRoot(source, warn))
  await make('names', (warn) => checkNames(source, warn))
  const dockerrunPort = await make('Dockerrun', (warn) => checkDockerrun(source, warn))
  await make('extensions', (warn) => checkExtensions(source, warn))
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
  const build = await make('Dockerfile', (warn) => checkDockerfile(text, warn))
  if (!build) return { findings, images: [], platform: undefined, port: dockerrunPort, image: undefined }
  const { plan } = build
  await make('copies', (warn) => {
    const context = contextOf(source)
    const copies = contextCopies(plan, context)
    checkCopies(copies, context, source, warn)
    warnOfCopies(build, copies, context, warn)
  })
  const port = dockerrunPort ?? (await make('port', (warn) => exposedPort(plan, warn)))
  const image = imageOf(plan, source.textOf)
  return { findings, images: pulledImages(plan), platform: finalPlatform(plan), port, image }
}

function checkDockerfile(text: string, warn: Warn): Build {
  const build = readBuild(text)
  const { plan, syntax } = build
  if (syntax) {
    warn(
      `Dockerfile:${syntax.line}: "# syntax=" makes each instance fetch a builder from Docker Hub before it builds.`,
    )
  }
  warnOfShell(plan, warn)
  return build
}
