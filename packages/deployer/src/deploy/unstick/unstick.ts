import { urlOf } from '../../beanstalk/health.ts'
import type { DeployTarget } from '../../config/target.ts'
import { LucreeError, TimedOut } from '../../errors.ts'
import { servingNow } from '../conclude.ts'
import { findEnvironment } from '../status.ts'
import type { Tools } from '../tools.ts'
import { findOrRemember, type Looking, lookAtStuck, type Seen } from './look.ts'
import { type Step, type UnstickPlan, unstickPlan } from './plan.ts'
import type { SeenCause, StepName } from './sight.ts'
import { takeStep } from './take-step.ts'

export interface UnstickRequest {
  target: DeployTarget
  stalledAfterMs: number | undefined
  /** The user's fingerprint key. */
  key: string
  /** Ends after the first look and changes nothing. */
  dryRun: boolean
  /** Asks before a step that loses something; throws when the answer is no, or nobody can be asked. */
  confirm(step: Step, sees: string): Promise<void>
}

export interface UnstickResult {
  application: string
  environment: string
  /** `unchanged`: it worked already. `planned`: `--dry-run`. */
  outcome: 'working' | 'unchanged' | 'planned'
  /** What was seen first, one sentence without a full stop. */
  sees: string
  steps: StepResult[]
  /** Beanstalk's, and Green, Yellow, Red or Grey; null where there is no environment. */
  status: string | null
  health: string | null
  version: string | null
  /** What answers requests now. */
  serving: string
  url: string | null
}

export interface StepResult {
  name: StepName
  does: string
  /** What it costs or loses. */
  loses: string | null
  /** `no-help`: done, and the environment doesn't work all the same. */
  outcome: 'planned' | 'done' | 'no-help' | 'refused'
  why: string | null
}

/** Throws a UsageError when there is no environment, nor one that could be revived. */
export async function requireEnvironment(target: DeployTarget, tools: Tools): Promise<void> {
  if (!(await findOrRemember(target, tools))) await findEnvironment(target, tools)
}

/** Steps after which the environment should work. */
const MENDING: ReadonlySet<StepName> = new Set(['restart', 'redeploy', 'restore', 'rebuild', 'revive'])

/**
 * Leads an environment back to where it works: looks, takes the least destructive step that is left, looks again, until it is proven or no step
 * is left. Throws a LucreeError with exit 7 when it doesn't work in the end, and a {@link TimedOut} at the deadline.
 */
export async function unstick(request: UnstickRequest, tools: Tools): Promise<UnstickResult> {
  const story = new Story(request)
  for (;;) {
    const seen = await lookAtStuck(story.looking, tools)
    const plan = story.see(seen)
    if (request.dryRun) return story.result('planned', plan.steps.map(planned))
    if (plan.works) return story.result(story.steps.length > 0 ? 'working' : 'unchanged')
    const [step] = plan.steps
    if (!step) throw story.stillStuck(plan)
    if (tools.clock.now() >= tools.deadline) throw story.timedOut(plan)
    try {
      if (step.loses !== undefined) await request.confirm(step, plan.sees)
      story.took(step, await takeStep(step, seen, story.looking, tools))
    } catch (error) {
      if (error instanceof LucreeError) Object.assign(error.document, story.told())
      throw error
    }
  }
}

/** What happened so far. */
class Story {
  readonly steps: StepResult[] = []
  readonly #request: UnstickRequest
  readonly #tried: StepName[] = []
  #launchCause: SeenCause | undefined
  #sees: string | undefined
  #seen: Seen | undefined

  constructor(request: UnstickRequest) {
    this.#request = request
  }

  get looking(): Looking {
    const { target, stalledAfterMs, key } = this.#request
    return { target, stalledAfterMs, key, tried: [...this.#tried], launchCause: this.#launchCause }
  }

  see(seen: Seen): UnstickPlan {
    const plan = unstickPlan(seen.sight)
    const before = this.#seen?.sight.status
    const last = this.steps.at(-1)
    if (last?.outcome === 'done' && !plan.works && isVain(last.name, plan, before === seen.sight.status))
      last.outcome = 'no-help'
    this.#seen = seen
    this.#sees ??= plan.sees
    if (seen.sight.status === 'Launching') this.#launchCause = seen.sight.cause
    return plan
  }

  took({ name, does, loses }: Step, { outcome, why }: Awaited<ReturnType<typeof takeStep>>): void {
    if (name !== 'wait') this.#tried.push(name)
    const result = { name, does, loses: loses ?? null, outcome, why: why ?? null }
    // A wait that is looked at again is still the same.
    if (name === 'wait' && this.steps.at(-1)?.name === 'wait') return
    this.steps.push(result)
  }

  told(): Omit<UnstickResult, 'outcome'> {
    const { application, environment } = this.#request.target
    const { environment: now, proof } = this.#seen ?? {}
    return {
      ...{ application, environment, sees: this.#sees ?? '', steps: this.steps },
      status: now?.status ?? null,
      health: now?.health ?? null,
      version: now?.versionLabel ?? null,
      serving: proof ? servingNow(proof, this.#request.target) : 'nothing',
      url: now?.cname ? urlOf(now.cname) : null,
    }
  }

  result(outcome: UnstickResult['outcome'], steps = this.steps): UnstickResult {
    return { ...this.told(), outcome, steps }
  }

  stillStuck({ sees, next }: UnstickPlan): LucreeError {
    const { environment } = this.#request.target
    const { serving, ...document } = this.told()
    const cause = this.#seen?.sight.cause
    const tried = this.steps.length > 0 ? ', and nothing that lucree can do is left' : ''
    return new LucreeError(`${environment} does not work`, {
      code: 'LUC-UNSTICK-FAILED',
      exitCode: 7,
      why: `${sees.replace(/^There/, 'there')}${tried}`,
      evidence: cause?.evidence ?? [],
      hints: next,
      serving,
      document: { ...document, serving },
    })
  }

  timedOut({ sees }: UnstickPlan): TimedOut {
    const { environment } = this.#request.target
    const { serving, ...document } = this.told()
    return new TimedOut(`${environment} does not work yet at the time limit`, {
      code: 'LUC-UNSTICK-TIMEOUT',
      why: sees,
      hints: ['lucree unstick --timeout 40m   # carries on', 'lucree events -f'],
      serving,
      document: { ...document, serving },
    })
  }
}

/** Whether a step that was done hasn't helped: a wait after which nothing is different, or a mend after which it doesn't work. */
function isVain(name: StepName, { steps }: UnstickPlan, isSameStatus: boolean): boolean {
  if (steps[0]?.name === 'wait') return false
  return name === 'wait' ? isSameStatus : MENDING.has(name)
}

function planned({ name, does, loses }: Step): StepResult {
  return { name, does, loses: loses ?? null, outcome: 'planned', why: null }
}
