import { numberOf } from '../options/settings.ts'
import { hasPublicAddress, instanceTypeOf, launchSubnets, placementOf } from '../resources/placement.ts'
import { logicalIds, type Resource } from '../resources/kinds.ts'
import { madeOf } from '../resources/belongings.ts'
import { stackName } from '../resources/names.ts'
import { launchProblem, stackProblem } from '../resources/refusals.ts'
import type { Instance, Setting } from '../state/model.ts'
import { CommandFailed } from './command.ts'
import { subjectOf, type Line, type Story } from './story.ts'

/** The environment's resources, or its instances, could not be had; the events have said why. */
export class LaunchFailed extends CommandFailed {}

/** Seconds that the service waits for an instance beyond the command's own time limit; and at a faster pace at least, in all. */
const patienceSeconds = 240
const floorSeconds = 3

/** Seconds between two tries of an Auto Scaling group, and between two looks at whether it may go on. */
const retrySeconds = 60
const retryFloorMs = 500

/** As many failed launches are kept as a page of DescribeScalingActivities shows. */
const keptFailures = 20

/** Plays the making of the environment's stack, up to the first resource that can't be made. Throws {@link LaunchFailed}. */
export async function buildStack(story: Story, script: readonly Line[]): Promise<void> {
  const { context } = story
  const problem = stackProblem(context, context.ground, story.environment())
  if (problem === undefined) return story.play(script)
  const at = script.findIndex(({ makes }) => makes?.includes(problem.resource))
  // without a network nothing at all can be made
  const hasNetwork = placementOf(context.ground.network, story.environment().settings) !== undefined
  await story.play(script.slice(0, hasNetwork ? at : 0))
  await story.say('ERROR', problem.message)
  await tellAborted(story, problem.resource)
  if (!madeOf(story.environment()).includes('scalingGroup')) {
    const missing = `Resource ${logicalIds.scalingGroup} does not exist for stack ${stackName(story.environment())}`
    await story.say('ERROR', `Service:AmazonCloudFormation, Message:${missing}`)
  }
  throw new LaunchFailed(problem.message)
}

const tellAborted = (story: Story, resource: Resource | 'waiting') =>
  story.say(
    'ERROR',
    `Stack named '${stackName(story.environment())}' aborted operation. Current state: 'CREATE_FAILED' Reason: The following resource(s) failed to create: [${resource === 'waiting' ? 'AWSEBInstanceLaunchWaitCondition' : logicalIds[resource]}].`,
  )

/**
 * Waits until the Auto Scaling group can launch `count` more instances, while its activities say why it can't. Throws {@link LaunchFailed} when
 * that lasts longer than a command may.
 */
export async function untilLaunchable(
  story: Story,
  settings: readonly Setting[],
  count: number,
): Promise<void> {
  const { context, signal } = story
  const deadline = context.clock.now().getTime() + patience(story, settings)
  for (;;) {
    const message =
      launchProblem(context, context.ground, settings, count) ?? (await wantedProblem(story, settings))
    if (message === undefined) return
    const at = context.clock.now()
    if (at.getTime() >= deadline) break
    await story.change(({ resources }) => {
      resources.failedLaunches = [
        ...(resources.failedLaunches ?? []),
        { at: at.toISOString(), message },
      ].slice(-keptFailures)
    })
    await context.clock.sleep(Math.max(retryFloorMs, context.tempo.interval(retrySeconds)), signal)
  }
  await giveUpWaiting(story)
}

/** What a launch is told to fail with on purpose. */
async function wantedProblem(story: Story, settings: readonly Setting[]): Promise<string | undefined> {
  const [slot] = slots(story, settings, 1)
  const where = slot ? { instanceType: slot.type, zone: slot.zone } : {}
  const verdict = await story.context.faults.at(
    'launch tried',
    { ...subjectOf(story), ...where },
    story.signal,
  )
  return typeof verdict === 'object' && 'refused' in verdict ? verdict.refused : undefined
}

/** Waits for instances that never report. Throws {@link LaunchFailed} when there is one among them. */
export async function untilReported(
  story: Story,
  settings: readonly Setting[],
  ids: readonly string[],
): Promise<void> {
  const isSilent = story.environment().instances.some(({ id, silent }) => silent && ids.includes(id))
  if (!isSilent) return
  await story.context.clock.sleep(patience(story, settings), story.signal)
  await giveUpWaiting(story)
}

/** Milliseconds. */
const patience = ({ context }: Story, settings: readonly Setting[]): number =>
  context.tempo.limit(
    numberOf(settings, 'aws:elasticbeanstalk:command', 'Timeout') + patienceSeconds,
    floorSeconds,
  )

/** A launch ends with its stack; an update's is rolled back by CloudFormation, and the event of that is ours. */
async function giveUpWaiting(story: Story): Promise<never> {
  const { operation } = story
  if (operation.kind === 'create' || operation.kind === 'rebuild') {
    await tellAborted(story, 'waiting')
    await story.say(
      'ERROR',
      'The EC2 instances failed to communicate with AWS Elastic Beanstalk, either because of configuration problems with the VPC or a failed EC2 instance. Check your VPC configuration and try launching the environment again.',
    )
  } else {
    const stack = stackName(story.environment())
    await story.say(
      'ERROR',
      `Stack named '${stack}' aborted operation. Current state: 'UPDATE_ROLLBACK_COMPLETE' Reason: The following resource(s) failed to update: [${logicalIds.scalingGroup}].`,
    )
  }
  throw new LaunchFailed('The instances did not come')
}

/** Where the next instances go, one after the other over the zones, what they are, and whether anybody will hear of them. */
export function slots(
  { context }: Story,
  settings: readonly Setting[],
  count: number,
): Pick<Instance, 'zone' | 'type' | 'silent'>[] {
  const { network } = context.ground
  const type = instanceTypeOf(settings)
  const placement = placementOf(network, settings)
  const subnets = placement === undefined ? [] : launchSubnets(placement, type)
  return Array.from({ length: count }, (_, index) => {
    const subnet = subnets[index % subnets.length]
    if (subnet === undefined) return { zone: `${context.region}a`, type, silent: true }
    const isHeard = network.hasWayOut(subnet, hasPublicAddress(settings, subnet))
    return { zone: subnet.zone, type, ...(isHeard ? {} : { silent: true }) }
  })
}
