import { bundleKey, digestOf } from '../beanstalk/upload.ts'
import { namedVersion, versionOfContent } from '../beanstalk/version.ts'
import type { VersionDescription } from '../beanstalk/ports.ts'
import { type Bundle, fileCount } from '../bundle/bundle.ts'
import { runBuild } from '../bundle/run-build.ts'
import { bundleSource } from '../bundle/bundle-source.ts'
import { bundleZip } from '../bundle/bundle-zip.ts'
import type { DeployTarget } from '../config/target.ts'
import type { Tools } from './tools.ts'

/** What is to run: a bundle of the source as it is now or of a zip that was given, or a version that is there already. */
export type Content =
  { bundle: Bundle; named?: undefined } | { bundle?: undefined; named: VersionDescription }

/** Runs the project's build and bundles its source; or takes the zip at `bundleFile`; or looks the named version up. */
export async function openContent(
  { target, version, bundleFile }: { target: DeployTarget; version?: string; bundleFile?: string },
  tools: Tools,
): Promise<Content> {
  const { cloud, signal, progress } = tools
  if (version !== undefined) {
    return { named: await namedVersion(cloud.beanstalk, target.application, version, signal) }
  }
  const onWarning = (message: string) => progress.emit({ kind: 'warning', message })
  if (bundleFile !== undefined) return { bundle: await bundleZip({ file: bundleFile, signal, onWarning }) }
  if (target.build !== undefined) {
    const onLine = (line: string) => progress.emit({ kind: 'output', source: 'build', line })
    await runBuild({ command: target.build, cwd: target.projectDir, signal, onLine })
  }
  return { bundle: await bundleSource({ ...target, signal, onWarning }) }
}

/** What a release keeps of its bundle, by which a removed version is registered again; undefined when the bundle isn't lucree's own. */
export function bundleOf(
  { bundle, named }: Content,
  application: string,
): { key: string; digest: string } | undefined {
  const digest = bundle ? bundle.digest : digestOf(application, named?.key)
  return digest === undefined ? undefined : { key: bundleKey(application, digest), digest }
}

export function describeContent({ bundle, named }: Content): string {
  if (!bundle) return `version ${named.label}`
  return `${fileCount(bundle.entries)} files, ${bundle.bytes} bytes, digest ${bundle.digest.slice(0, 12)}`
}

/** The version that already has this content. */
export function existingVersionOf(
  content: Content,
  versions: VersionDescription[],
): VersionDescription | undefined {
  return content.bundle ? versionOfContent(versions, content.bundle.digest) : content.named
}

export async function disposeOf({ bundle }: Content): Promise<void> {
  await bundle?.dispose()
}
