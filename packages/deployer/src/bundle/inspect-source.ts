import { LucreeError } from '../errors.ts'
import { checkBuilderFeatures } from './checks/builder-features.ts'
import { type CheckedSource, textOf } from './checks/checked-source.ts'
import { checkCopies } from './checks/copy-sources.ts'
import { checkDockerrun, dockerrunImage } from './checks/dockerrun.ts'
import { exposedPort } from './checks/exposed-port.ts'
import { checkHooks } from './checks/hooks.ts'
import { checkRoot } from './checks/root-files.ts'
import { parseDockerfile } from './dockerfile/parse-dockerfile.ts'
import { finalPlatform, pulledImages } from './dockerfile/pulled-images.ts'
import { type FilesRequest, findFiles } from './files/source-files.ts'
import type { SourceFile } from './source-file.ts'

/** What one of the checks of a bundle found: a refusal, or nothing but what it warns of. */
export interface Finding {
  check: 'root' | 'Dockerrun' | 'hooks' | 'Dockerfile' | 'copies' | 'port'
  refusal: LucreeError | undefined
  warnings: string[]
}

/** What a bundle of a source directory would be, without making it. */
export interface InspectedSource {
  files: SourceFile[]
  /** One for each check that applies, in the order in which a deploy makes them. */
  findings: Finding[]
  /** What finding the files warned of. */
  warnings: string[]
  /** Images that the build pulls, or that Dockerrun names. */
  images: string[]
  /** Platform that the Dockerfile asks for, such as `linux/arm64`. */
  platform: string | undefined
  /** Port that the platform's proxy forwards to. */
  port: number | undefined
}

/**
 * Makes the checks of a deploy's bundle one by one, so that a refusal doesn't hide the next. Nothing is written, and the project's build doesn't run.
 * @throws SourceError when there is no source to look at.
 */
export async function inspectSource(request: Omit<FilesRequest, 'onWarning'>): Promise<InspectedSource> {
  const warnings: string[] = []
  const { files, selection } = await findFiles({
    ...request,
    onWarning: (sentence) => warnings.push(sentence),
  })
  const findings: Finding[] = []
  const make = <T>(check: Finding['check'], run: (source: CheckedSource) => T): T | undefined => {
    const finding: Finding = { check, refusal: undefined, warnings: [] }
    findings.push(finding)
    const onWarning = (sentence: string) => finding.warnings.push(sentence)
    try {
      return run({ source: request.source, files, selection, onWarning })
    } catch (error) {
      if (!(error instanceof LucreeError)) throw error
      finding.refusal = error
      return undefined
    }
  }
  make('root', checkRoot)
  const dockerrunPort = make('Dockerrun', checkDockerrun)
  make('hooks', checkHooks)
  const silent: CheckedSource = { source: request.source, files, selection, onWarning: () => undefined }
  const text = textOf(silent, 'Dockerfile')
  const inspected = { files, findings, warnings }
  if (text === undefined) {
    const image = dockerrunImage(silent)
    return { ...inspected, images: image ? [image] : [], platform: undefined, port: dockerrunPort }
  }
  const dockerfile = parseDockerfile(text)
  make('Dockerfile', ({ onWarning }) => checkBuilderFeatures(dockerfile, onWarning))
  make('copies', (source) => checkCopies(dockerfile, source))
  const built = dockerfile.stages.length > 0
  const port =
    dockerrunPort ?? (built ? make('port', ({ onWarning }) => exposedPort(dockerfile, onWarning)) : undefined)
  return {
    ...inspected,
    images: pulledImages(dockerfile),
    platform: finalPlatform(dockerfile),
    port,
  }
}
