import { type BuildPlan, DockerfileError, parseDockerfile, planBuild } from '@lucree/docker-context'
import { isUtf16 } from '../../document/utf16.ts'
import { SourceError } from '../../errors.ts'

/** What the Dockerfile of a bundle says. */
export interface Build {
  plan: BuildPlan
  /** The frontend that the file asks for, whose grammar may be newer. */
  syntax: { line: number; value: string } | undefined
}

/**
 * Reads a Dockerfile as BuildKit does.
 * @throws SourceError `LUC-SOURCE-DOCKERFILE` with the line, in BuildKit's words, where it would refuse before it runs anything.
 */
export function readBuild(text: string): Build {
  if (isUtf16(text)) throw wronglyEncoded()
  try {
    const dockerfile = parseDockerfile(text)
    return { plan: planBuild(dockerfile), syntax: dockerfile.syntax }
  } catch (error) {
    if (error instanceof DockerfileError) throw refused(error, text)
    throw error
  }
}

function wronglyEncoded(): SourceError {
  return new SourceError('Dockerfile:1: it is in UTF-16', {
    code: 'LUC-SOURCE-DOCKERFILE',
    why: 'docker reads UTF-8 and takes this for an unknown instruction',
    hints: ['iconv -f UTF-16 -t UTF-8 Dockerfile > ../Dockerfile.utf8 && mv ../Dockerfile.utf8 Dockerfile'],
  })
}

function refused(error: DockerfileError, text: string): SourceError {
  const { line } = error
  const message = error.message.replace(/^dockerfile parse error on line \d+: /, '')
  const isEmpty = /no (build )?stage|no instructions|cannot be empty/.test(message)
  const evidence = line === 0 ? undefined : text.split('\n')[line - 1]?.trimEnd()
  return new SourceError(`Dockerfile:${line || 1}: ${message}`, {
    code: 'LUC-SOURCE-DOCKERFILE',
    why: 'docker refuses it before it builds anything',
    ...(evidence ? { evidence: [evidence] } : {}),
    hints: isEmpty
      ? ['Begin with, for example: FROM public.ecr.aws/docker/library/node:24-slim']
      : [line === 0 ? 'Mend the Dockerfile.' : `Mend line ${line} of the Dockerfile.`],
    cause: error,
  })
}
