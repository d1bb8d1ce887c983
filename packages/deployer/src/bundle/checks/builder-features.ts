import { SourceError } from '../../errors.ts'
import type { Dockerfile } from '../dockerfile/parse-dockerfile.ts'

/** Warns of what the older engines among Beanstalk's platform versions don't build, and refuses a Dockerfile without a stage. */
export function checkBuilderFeatures(dockerfile: Dockerfile, onWarning: (sentence: string) => void): void {
  const { stages, syntaxLine } = dockerfile
  if (stages.length === 0) {
    throw new SourceError('Dockerfile:1: it has no FROM', {
      code: 'LUC-SOURCE-DOCKERFILE',
      why: 'an image is built from another',
      hints: ['Begin with, for example: FROM public.ecr.aws/docker/library/node:24-slim'],
    })
  }
  const needsBuildKit = (line: number, what: string) =>
    onWarning(`Dockerfile:${line}: ${what} needs BuildKit, which older platform versions don't build with.`)
  if (syntaxLine !== undefined) {
    onWarning(
      `Dockerfile:${syntaxLine}: "# syntax=" makes each instance fetch a builder from Docker Hub before it builds.`,
    )
  }
  for (const { line, keyword, flags, heredoc } of stages.flatMap((stage) => stage.instructions)) {
    if (heredoc) needsBuildKit(line, 'a heredoc')
    for (const flag of flags) {
      if (/^--(link|parents|exclude|checksum|mount)\b/.test(flag))
        needsBuildKit(line, `${keyword} ${flag.split('=')[0]}`)
    }
  }
}
