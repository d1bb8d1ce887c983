import { urlOf } from '../beanstalk/health.ts'
import type { Diagnosis } from '../diagnose/evidence.ts'
import type { Content } from './content.ts'
import type { Observed } from './observe.ts'
import type { DeployPlan, PlanStep } from './plan.ts'

/** What every outcome of a deploy tells. */
export interface Told {
  application: string
  environment: string
  steps: PlanStep[]
  /** Absent when a version was named rather than made; sizes in bytes. */
  bundle?: { digest: string; files: number; bytes: number; uploadedBytes: number }
  version: string | undefined
  url: string | undefined
}

/** How a deploy ended. What had to be expected isn't an exception: `commands/` turns it into an exit code. */
export type DeployOutcome = Told &
  (
    | { outcome: 'deployed' }
    | { outcome: 'unchanged' }
    /** `--dry-run`: nothing was done. */
    | { outcome: 'planned' }
    /** `--no-wait`: Beanstalk has accepted the change; nothing is known of its end. */
    | { outcome: 'started' }
    | { outcome: 'failed'; claim: string; diagnosis: Diagnosis; recovery: string[]; serving: string }
    | { outcome: 'timed-out'; waitedFor: string; diagnosis: Diagnosis; serving: string }
  )

export type DeployResult = DeployOutcome & { durationMs: number }

/** What is known before anything is changed. */
export function tellPlan(plan: DeployPlan, { bundle }: Content, { environment }: Observed): Told {
  const cname = environment?.description.cname
  return {
    application: plan.application,
    environment: plan.environment,
    steps: plan.steps,
    ...(bundle
      ? {
          bundle: {
            digest: bundle.digest,
            files: bundle.entries.length,
            bytes: bundle.bytes,
            uploadedBytes: 0,
          },
        }
      : {}),
    version: plan.existingVersion,
    url: cname && urlOf(cname),
  }
}
