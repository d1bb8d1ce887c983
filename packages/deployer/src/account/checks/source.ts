import type { DeployTarget } from '../../config/target.ts'
import type { Finding } from '../../bundle/checks/inspect-bundle.ts'
import { type InspectedSource, inspectSource } from '../../bundle/inspect-source.ts'
import { fileCount } from '../../bundle/bundle.ts'
import { largestPaths, MOST_BYTES } from '../../bundle/checks/size-limit.ts'
import type { Architecture, SourceImage } from '../context.ts'
import { baseImagesResult } from './base-images.ts'
import { type CheckResult, thrownResult } from './check.ts'
import { engineResult, type LocalRuntime } from './engine.ts'

/** What a look at the source gave. */
export interface SourceSeen {
  results: CheckResult[]
  /** Undefined when no image could be read from it. */
  image: SourceImage | undefined
}

/** Looks at the source as a deploy will bundle it; no build runs. A source that isn't there is one failed line. */
export async function lookAtSource(
  target: DeployTarget,
  runtime: LocalRuntime | undefined,
  signal: AbortSignal,
): Promise<SourceSeen> {
  let inspected: InspectedSource
  try {
    inspected = await inspectSource({ ...target, signal })
  } catch (error) {
    if (signal.aborted) throw error
    return { results: [thrownResult('source', error)], image: undefined }
  }
  const { findings, images, platform } = inspected
  const results = [
    sizeResult(inspected),
    ...findings.flatMap((finding) => findingResults(finding, target)),
    ...(findings.some(({ refusal }) => refusal) ? [] : [readyResult(inspected)]),
    baseImagesResult(images),
    ...(runtime ? [engineResult(runtime, inspected)] : []),
  ]
  const image = { names: images, architecture: architectureOf(platform) }
  return { results, image: images.length > 0 ? image : undefined }
}

/** Compression is only known when the bundle is made. */
function sizeResult({ files, warnings }: InspectedSource): CheckResult {
  const bytes = files.reduce((sum, file) => sum + file.bytes, 0)
  const found = `${fileCount(files)} files, ${(bytes / 1024 / 1024).toFixed(1)} MiB before compression`
  if (bytes <= MOST_BYTES && warnings.length === 0) return { name: 'source', state: 'ok', found, mend: [] }
  if (bytes <= MOST_BYTES)
    return { name: 'source', state: 'warning', found, why: warnings.join(' '), mend: [] }
  return {
    ...{ name: 'source', state: 'warning', found, code: 'LUC-SOURCE-SIZE' },
    why: `Beanstalk takes bundles of up to 500 MiB; the largest paths are ${largestPaths(files).join(', ')}`,
    mend: ['Leave out what the image doesn’t need with lines in .dockerignore.'],
  }
}

/** What a build makes isn't there yet: a deploy runs it first. */
const MADE_BY_BUILD = /^LUC-SOURCE-(COPY|NO-DOCKERFILE)$/

function findingResults({ check, refusal, warnings }: Finding, { build }: DeployTarget): CheckResult[] {
  const name = {
    root: 'bundle',
    Dockerrun: 'Dockerrun',
    names: 'bundle',
    extensions: '.ebextensions',
    Dockerfile: 'Dockerfile',
    copies: 'Dockerfile',
    port: 'port',
  }[check]
  const lines: CheckResult[] = warnings.map((found) => ({
    name,
    state: 'warning',
    found,
    mend: [],
    code: 'LUC-SOURCE-WARNING',
  }))
  if (!refusal) return lines
  const refused = thrownResult(name, refusal)
  if (build === undefined || !MADE_BY_BUILD.test(refusal.code)) return [...lines, refused]
  return [
    ...lines,
    {
      name,
      state: 'unknown',
      found: refused.found,
      why: `a deploy first runs "${build}", which may make it`,
      mend: [build],
    },
  ]
}

function readyResult({ port, platform }: InspectedSource): CheckResult {
  const to = port === undefined ? 'a port that is known when the image is built' : `port ${port}`
  return {
    name: 'bundle',
    state: 'ok',
    found: `Beanstalk will run it and forward to ${to}${platform ? `, on ${platform}` : ''}`,
    mend: [],
  }
}

function architectureOf(platform: string | undefined): Architecture | undefined {
  if (platform === undefined) return undefined
  if (/arm64|aarch64/.test(platform)) return 'arm64'
  return /amd64|x86_64/.test(platform) ? 'x86_64' : undefined
}
