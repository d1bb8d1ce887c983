import type { Dockerfile, DockerStage } from './parse-dockerfile.ts'

/** Names of the images that a build pulls from a registry, each once: those of FROM, and those of `COPY --from` that aren't stages. */
export function pulledImages({ stages }: Dockerfile): string[] {
  const names = new Set(stages.flatMap(({ name }) => name ?? []))
  const copied = stages
    .flatMap(({ instructions }) => instructions)
    .flatMap(({ flags }) => flags.flatMap((flag) => /^--from=(.+)$/.exec(flag)?.[1] ?? []))
    .filter((from) => !/^\d+$/.test(from) && !names.has(from.toLowerCase()) && !from.includes('$'))
  const begun = stages.flatMap(({ image }) => image ?? [])
  return [...new Set([...begun, ...copied])].filter((image) => image !== 'scratch')
}

/** What the final image runs on, when the FROM that it goes back to says so; undefined leaves it to the machine that builds. */
export function finalPlatform({ stages }: Dockerfile): string | undefined {
  let stage: DockerStage | undefined = stages.at(-1)
  while (stage && stage.platform === undefined) stage = stage.base
  return stage?.platform
}
