import { parseDockerfile } from '../dockerfile/parse-dockerfile.ts'
import { finalPlatform, pulledImages } from '../dockerfile/pulled-images.ts'
import { checkBuilderFeatures } from './builder-features.ts'
import { textOf, type CheckedSource } from './checked-source.ts'
import { checkCopies } from './copy-sources.ts'
import { checkDockerrun, dockerrunImage } from './dockerrun.ts'
import { exposedPort } from './exposed-port.ts'
import { checkHooks } from './hooks.ts'
import { checkRoot } from './root-files.ts'

/** What the platform will do with a bundle. */
export interface CheckedBundle {
  /** Port that the platform's proxy will forward to. */
  port: number | undefined
  /** Images that the build pulls, or that Dockerrun names. */
  images: string[]
  /** Platform that the Dockerfile asks for, such as `linux/arm64`. */
  platform: string | undefined
}

/**
 * Reads the bundle as the platform will, before a byte is sent.
 * @throws SourceError naming file, line and mend.
 */
export function checkBundle(source: CheckedSource): CheckedBundle {
  checkRoot(source)
  const dockerrunPort = checkDockerrun(source)
  checkHooks(source)
  const text = textOf(source, 'Dockerfile')
  if (text === undefined) {
    const image = dockerrunImage(source)
    return { port: dockerrunPort, images: image ? [image] : [], platform: undefined }
  }
  const dockerfile = parseDockerfile(text)
  checkBuilderFeatures(dockerfile, source.onWarning)
  checkCopies(dockerfile, source)
  return {
    port: dockerrunPort ?? exposedPort(dockerfile, source.onWarning),
    images: pulledImages(dockerfile),
    platform: finalPlatform(dockerfile),
  }
}
