import { type AccountContext, type Architecture, type SourceImage } from '../account/context.ts'
import { refuseFailed } from '../account/checks/check.ts'
import { limitsExceeded } from '../account/checks/quotas.ts'
import { rightsMissingForDeploy } from '../account/checks/rights.ts'
import { type AccountSeen, lookAtAccount } from '../account/look.ts'
import { type AccountReady, readyAccount } from '../account/ready.ts'
import type { DeployTarget } from '../config/target.ts'
import { type Content, existingVersionOf } from './content.ts'
import type { Observed } from './observe.ts'
import { stage, type Tools, waiting } from './tools.ts'

/** What a deploy may do to an account. */
export interface AccountLimits {
  /** False with `--no-iam`. */
  makesRoles: boolean
  /** True with `--create-default-vpc`. */
  makesDefaultVpc: boolean
}

/** What a deploy asks of the account. */
export interface AccountRequest extends AccountLimits {
  target: DeployTarget
  content: Content
  observed: Observed
}

/** IAM spreads what was made in seconds, rarely in a minute (facts sheet §2.2). */
const IAM_PATIENCE_MS = 60_000

/**
 * Looks at what a new environment needs, and refuses before anything is made what would stop it later. An environment that is there has what it needs:
 * then no call is made.
 */
export async function examineAccount(
  request: AccountRequest,
  tools: Tools,
): Promise<AccountSeen | undefined> {
  if (request.observed.environment) return undefined
  return stage(tools, 'Account', () => lookAndRefuse(request, tools), describeAccount)
}

async function lookAndRefuse(request: AccountRequest, tools: Tools): Promise<AccountSeen> {
  const { content, observed } = request
  const makes = {
    application: !observed.applicationExists,
    version: existingVersionOf(content, observed.versions) === undefined,
  }
  const context = contextOf(request, tools)
  const caller = await tools.cloud.identity.describeCaller(tools.signal)
  const [rights, limits] = await Promise.all([
    rightsMissingForDeploy({ ...context, caller }, tools.signal),
    limitsExceeded(context, tools.signal),
  ])
  refuseFailed([...rights, ...limits])
  const seen = await lookAtAccount(context, makes, tools.signal)
  refuseFailed(seen.results)
  for (const { state, found, why } of seen.results) {
    if (state === 'ok') continue
    tools.progress.emit({ kind: 'warning', message: why === undefined ? found : `${found}: ${why}` })
  }
  return seen
}

/** What makes an account ready: what was seen of it, and Beanstalk's bucket, which is there because the lock is in it. */
export interface PreparationRequest extends AccountRequest {
  seen: AccountSeen | undefined
  bucket: string
}

/** Makes what the account lacks for the environment and for a new version. */
export function prepareAccount(request: PreparationRequest, tools: Tools): Promise<AccountReady> {
  const { seen, bucket } = request
  const { applicationExists } = request.observed
  const ready = () =>
    readyAccount(
      { seen, applicationExists, bucket },
      contextOf(request, tools),
      waiting(tools, IAM_PATIENCE_MS),
    )
  return applicationExists && !seen
    ? ready()
    : stage(tools, 'Prepare', ready, ({ bucket: storage }) => `storage ${storage}`)
}

function contextOf(
  { target, content, makesRoles, makesDefaultVpc }: AccountRequest,
  { cloud, clock }: Tools,
): AccountContext {
  return { target, cloud, clock, makesRoles, makesDefaultVpc, image: imageOf(content) }
}

/** Of a version that was made earlier nothing is known. */
function imageOf({ bundle }: Content): SourceImage {
  const architectures: Record<string, Architecture> = { 'linux/amd64': 'x86_64', 'linux/arm64': 'arm64' }
  const platform = bundle?.platform?.replace(/^(linux\/arm64)\/v8$/, '$1') ?? ''
  return { names: bundle?.images ?? [], architecture: architectures[platform] }
}

function describeAccount({ lacks, instanceType, network }: AccountSeen): string {
  const place = network.place ? network.place.vpc : 'no default VPC yet'
  const making = lacks.length === 0 ? 'nothing is missing' : `${lacks.length} things to make`
  return `${place}, ${instanceType.name}; ${making}`
}
