import { parseDockerfile } from '../dockerfile/parse-dockerfile.ts'
import { checkBuilderFeatures } from './builder-features.ts'
import { textOf, type CheckedSource } from './checked-source.ts'
import { checkCopies } from './copy-sources.ts'
import { checkDockerrun } from './dockerrun.ts'
import { exposedPort } from './exposed-port.ts'
import { checkHooks } from './hooks.ts'
import { checkRoot } from './root-files.ts'

/**
 * Reads the bundle as the platform will, before a byte is sent.
 * @returns the port that the platform's proxy will forward to.
 * @throws SourceError naming file, line and mend.
 */
export function checkBundle(source: CheckedSource): number | undefined {
  checkRoot(source)
  const dockerrunPort = checkDockerrun(source)
  checkHooks(source)
  const text = textOf(source, 'Dockerfile')
  if (text === undefined) return dockerrunPort
  const dockerfile = parseDockerfile(text)
  checkBuilderFeatures(dockerfile, source.onWarning)
  checkCopies(dockerfile, source)
  return dockerrunPort ?? exposedPort(dockerfile, source.onWarning)
}
