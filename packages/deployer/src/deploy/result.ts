import { urlOf } from '../beanstalk/health.ts'
import { fileCount } from '../bundle/bundle.ts'
import type { Diagnosis } from '../diagnose/evidence.ts'
import type { Content } from './content.ts'
import type { Forecast } from './forecast.ts'
import type { Observed } from './observe.ts'
import type { DeployPlan, PlanStep } from './plan.ts'
import type { Probe } from './probe.ts'

/** What every outcome of a deploy tells. */
export interface Told extends Partial<Forecast> {
  application: string
  environment: string
  steps: PlanStep[]
  /** Absent when a version was named rather than made; sizes in bytes. */
  bundle?: { digest: string; files: number; bytes: number; uploadedBytes: number }
  version: string | undefined
  /** Number of the release that this made; of one that changed nothing, the release that is there. */
  release?: number
  url: string | undefined
  /** What visitors met meanwhile; absent when nothing served before. */
  probe?: Probe
}

/** A change that didn't work, with the one cause that was found. */
export interface Failure {
  claim: string
  diagnosis: Diagnosis
  /** What answers requests now, as it was seen. */
  serving: string
}

/** How a deploy ended. What had to be expected isn't an exception: `commands/` turns it into an exit code. */
export type DeployOutcome = Told &
  /** `undo`: the command that leads back to what was before. */
  (
    | { outcome: 'deployed'; undo?: string | undefined }
    | { outcome: 'unchanged' }
    /** `--dry-run`: nothing was done. */
    | { outcome: 'planned' }
    /** `--no-wait`: Beanstalk has accepted the change; nothing is known of its end. */
    | { outcome: 'started' }
    /** The change failed, and what was before serves again, proven; `restored.release` is null when no release of lucree's made it. */
    | (Failure & { outcome: 'rolled-back'; restored: Restored })
    | (Failure & { outcome: 'failed'; recovery: string[]; aftermath?: Aftermath })
    | {
        outcome: 'timed-out'
        waitedFor: string
        diagnosis: Diagnosis
        serving: string
        /** Commands that stop it and lead back. */
        recovery: string[]
        again: Again
      }
  )

/** The command that carries on where one ended that Beanstalk was not done with, without values, and what it does then. */
export interface Again {
  command: string
  does: string
}

/** What serves again after a rollback. */
export interface Restored {
  version: string
  release: number | null
}

/** What was done about a failure that isn't recovered. */
export type Aftermath =
  /** A first deploy's environment was terminated: nothing of it is billed. */
  | { removed: true }
  /** What was before could not be brought back, or the failed environment not be removed; `tried` is false where there was nothing to bring back. */
  | { removed: false; tried: boolean; why: string }

export type DeployResult = DeployOutcome & { durationMs: number }

/** What is known before anything is changed. */
export function tellPlan(
  plan: DeployPlan,
  { bundle }: Pick<Content, 'bundle'>,
  { environment }: Pick<Observed, 'environment'>,
): Told {
  const cname = environment?.description.cname
  return {
    application: plan.application,
    environment: plan.environment,
    steps: plan.steps,
    outage: plan.outage,
    expectedDurationMs: plan.expectedDurationMs,
    cost: plan.cost,
    drift: plan.drift,
    ...(bundle
      ? {
          bundle: {
            digest: bundle.digest,
            files: fileCount(bundle.entries),
            bytes: bundle.bytes,
            uploadedBytes: 0,
          },
        }
      : {}),
    version: plan.existingVersion,
    url: cname && urlOf(cname),
  }
}
