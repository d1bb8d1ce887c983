import type { BuildPlan, PlannedStage } from '@lucree/docker-context'

/** Names of the images that a build pulls from a registry, each once: those of FROM, and those of `COPY --from` and mounts that aren't stages. */
export function pulledImages({ stages }: BuildPlan): string[] {
  const needed = stages.filter((stage) => stage.needed)
  const begun = needed.flatMap(({ base, image }) => (base ? [] : (image.value ?? [])))
  const taken = needed.flatMap(({ instructions }) =>
    instructions.flatMap(({ flags, source, mounts }) => [
      ...(source ? [] : flags.filter(({ name }) => name === 'from').map(({ value }) => value.written)),
      ...mounts.filter(({ stage }) => !stage).map(({ from }) => from),
    ]),
  )
  return [...new Set([...begun, ...taken])].filter((image) => image !== 'scratch' && image !== '')
}

/** What the final image runs on, when the FROM that it goes back to says so; undefined leaves it to the machine that builds. */
export function finalPlatform({ final }: BuildPlan): string | undefined {
  let stage: PlannedStage | undefined = final
  while (stage && stage.platform === undefined) stage = stage.base
  return stage?.platform?.value
}

/** A stage and those that it is built from, the lowest first. */
export function chainOf(stage: PlannedStage): PlannedStage[] {
  return stage.base ? [...chainOf(stage.base), stage] : [stage]
}
