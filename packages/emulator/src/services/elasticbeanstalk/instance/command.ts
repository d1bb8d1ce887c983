import { subjectOf, type Story } from '../lifecycle/story.ts'
import { numberOf } from '../options/settings.ts'
import type { Instance, Launch, Setting, Version } from '../state/model.ts'
import { prepareLaunch } from './prepare.ts'
import { makeInstanceDirectories, instanceDirectories } from './directories.ts'
import { openEngineLog, type EngineLog } from './engine-log.ts'
import { InstanceFailure, instructions, NoAnswer } from './failure.ts'
import { tellLeftOut } from './left-out.ts'
import { startContainer } from './start.ts'
import { discardContainer } from './discard.ts'
import { discardUnused, flip, install } from './flip.ts'

/** What an instance is told to do. */
export interface Command {
  name: 'app-deploy' | 'config-deploy' | 'restart-app-server'
  version: Version | undefined
  label: string
  deploymentId: number
  /** All settings that hold for the new container. */
  settings: readonly Setting[]
}

export type Outcome = { instance: string } & (
  { status: 'successful' } | { status: 'failed'; event: string } | { status: 'timedOut' }
)

/** Seconds that the service waits for an instance beyond the command's own time limit. */
const answerSeconds = 240

/** Runs one command on one instance: build or reuse, start beside what runs, swap, stop what ran. What ran before goes on when it fails. */
export async function runOnInstance(story: Story, instanceId: string, command: Command): Promise<Outcome> {
  const { context } = story
  const directories = instanceDirectories(context.instancesDir, instanceId)
  await makeInstanceDirectories(directories)
  const engine = openEngineLog(directories.engineLog, context.clock)
  if (find(story.environment().instances, instanceId).silent) return unanswered(story, instanceId, command)
  const limit = startLimit(story, command)
  try {
    await begin(story, instanceId, command)
    await execute(story, instanceId, command, engine, AbortSignal.any([story.signal, limit.signal]))
    return { instance: instanceId, status: 'successful' }
  } catch (error) {
    story.signal.throwIfAborted()
    if (limit.signal.aborted) {
      await markFailed(story, instanceId)
      return { instance: instanceId, status: 'timedOut' }
    }
    if (error instanceof NoAnswer) return await unanswered(story, instanceId, command)
    if (!(error instanceof InstanceFailure)) throw error
    tellFailure(engine, command, error)
    await markFailed(story, instanceId)
    return { instance: instanceId, status: 'failed', event: error.event }
  } finally {
    limit.clear()
    await engine.flush()
  }
}

/** At a faster pace, seconds that an instance is waited for which nobody will hear of. */
const silentFloorSeconds = 3

/** An instance without a way to Beanstalk doesn't get the command; nobody knows until the time is over. */
async function unanswered(story: Story, instanceId: string, { settings }: Command): Promise<Outcome> {
  const { clock, tempo } = story.context
  const seconds = numberOf(settings, 'aws:elasticbeanstalk:command', 'Timeout') + answerSeconds
  await clock.sleep(tempo.limit(seconds, silentFloorSeconds), story.signal)
  await markFailed(story, instanceId)
  return { instance: instanceId, status: 'timedOut' }
}

/** The option is real time at every pace, since what it limits is real work; the service's extra patience is scaled. */
function startLimit(
  { context: { clock, tempo } }: Story,
  { settings }: Command,
): { signal: AbortSignal; clear(): void } {
  const over = new AbortController()
  const limit = new AbortController()
  const seconds = numberOf(settings, 'aws:elasticbeanstalk:command', 'Timeout')
  clock.sleep(seconds * 1000 + tempo.limit(answerSeconds, 0), over.signal).then(
    () => limit.abort(new Error('The command timed out')),
    // Called off because the command is done.
    () => undefined,
  )
  return { signal: limit.signal, clear: () => over.abort() }
}

async function begin(
  story: Story,
  instanceId: string,
  { name, label, deploymentId }: Command,
): Promise<void> {
  if (name === 'restart-app-server') return
  const at = story.context.clock.now().toISOString()
  await story.change((draft) => {
    find(draft.instances, instanceId).deployment = { label, id: deploymentId, status: 'pending', at }
  })
}

async function execute(
  story: Story,
  instanceId: string,
  command: Command,
  engine: EngineLog,
  signal: AbortSignal,
) {
  const { context } = story
  engine.info('Starting...')
  engine.info('Starting EBPlatform-PlatformEngine')
  engine.info(`Engine received EB command ${command.name}`)
  await context.faults.at('command executing', { ...subjectOf(story), instanceId }, signal)
  engine.info(`Executing instruction: ${instructions.stage}`)
  const instance = find(story.environment().instances, instanceId)
  const launch = await prepareLaunch(context, instance, command, engine, signal)
  if (command.name === 'app-deploy')
    await tellLeftOut(story, instanceDirectories(context.instancesDir, instanceId).staging, engine)
  engine.info(`Executing instruction: ${instructions.run}`)
  const before = await replaceContainer(story, instance, command, launch, engine, signal)
  engine.info(`Executing instruction: ${instructions.flip}`)
  await flip(story, before, command, launch)
  engine.info('Executing cleanup logic')
  engine.respond('SUCCESS', [{ message: 'Instance deployment completed successfully.', severity: 'INFO' }])
}

/** Starts the new container and makes it the instance's. When that fails nothing of it stays. Answers what the instance had before. */
async function replaceContainer(
  story: Story,
  instance: Instance,
  command: Command,
  launch: Launch,
  engine: EngineLog,
  signal: AbortSignal,
): Promise<Instance> {
  const { context, environmentId } = story
  try {
    const name = `eb-${environmentId}-${instance.id}-${command.deploymentId}`
    const container = await startContainer(context, name, launch, (line) => engine.warn(line), signal)
    try {
      return await install(story, instance.id, command, { container, launch })
    } catch (error) {
      await discardContainer(context, container, 0)
      throw error
    }
  } catch (error) {
    await discardUnused(story, launch, instance.launch)
    throw error
  }
}

function tellFailure(
  engine: EngineLog,
  command: Command,
  { instruction, event, message }: InstanceFailure,
): void {
  const where = `[${command.name}] - [${instruction}]`
  engine.error(
    `An error occurred during execution of command ${where}. Stop running the command. Error: ${message}`,
  )
  engine.info('Executing cleanup logic')
  engine.respond('FAILURE', [{ message: event, severity: 'ERROR' }])
}

async function markFailed(story: Story, instanceId: string): Promise<void> {
  await story.change((draft) => {
    const instance = find(draft.instances, instanceId)
    instance.commandFailed = true
    if (instance.deployment) instance.deployment.status = 'failed'
  })
}

export function find(instances: readonly Instance[], id: string): Instance {
  const instance = instances.find((one) => one.id === id)
  if (instance === undefined) throw new Error(`There is no instance ${id}`)
  return instance
}
