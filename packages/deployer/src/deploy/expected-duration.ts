import type { Effect, Fleet } from './effects.ts'

/** Seconds of recorded runs on AWS (facts sheet §3.4: A, B, C, D, E; relative times of the other policies: peers.md §5). */
const RECORDED = {
  createSingle: 186,
  createBalanced: 244,
  /** Properties or a version on one instance, all at once. */
  restart: 79,
  /** One batch of a rolling deploy: 351 s for two. */
  batch: 176,
  replace: 360,
}

/** How much longer than all at once a policy takes. */
const RELATIVE: Record<string, number> = {
  RollingWithAdditionalBatch: 3.5,
  Immutable: 4,
  TrafficSplitting: 4,
}

/**
 * How long a change is likely to take on AWS, ms: an expectation from recorded runs, not a promise. Settings that touch nothing that runs
 * take half a minute.
 */
export function expectedDurationMs(
  action: 'create' | 'update' | 'none',
  effect: Effect,
  { type, policy, instances }: Fleet,
): number {
  return 1000 * seconds(action, effect, { type, policy, instances })
}

function seconds(action: string, effect: Effect, { type, policy, instances }: Fleet): number {
  if (action === 'none') return 0
  if (action === 'create') return type === 'single' ? RECORDED.createSingle : RECORDED.createBalanced
  if (effect === 'none') return 30
  if (effect === 'replace') return RECORDED.replace
  if (policy === 'Rolling') return RECORDED.batch * Math.min(2, Math.max(1, instances))
  return Math.round(RECORDED.restart * (RELATIVE[policy] ?? 1))
}
