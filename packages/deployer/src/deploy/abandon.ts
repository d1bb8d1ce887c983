import { EnvironmentStatus } from '../beanstalk/environment-status.ts'
import { untilReady } from '../beanstalk/environment.ts'
import type { EnvironmentDescription } from '../beanstalk/ports.ts'
import { withinTime } from '../beanstalk/time-limit.ts'
import { Interrupted, LucreeError } from '../errors.ts'
import type { Concluding } from './conclude.ts'
import type { Again } from './result.ts'
import { type Tools, waiting } from './tools.ts'

/** How long somebody who pressed Ctrl-C is kept while Beanstalk is asked to abort, and then looked at, ms. Pressed again, it ends at once. */
const FAREWELL_MS = 10_000

/** What is left of a change that nobody waits for any more. */
interface Left {
  why: string
  hints: string[]
}

/**
 * After Ctrl-C: asks Beanstalk to abort the update if it can be aborted, and answers with what state is left. An environment that is just being made
 * can't be (facts sheet §3.2). Never throws: what can't be found out is said.
 */
export async function abandon(
  interrupted: Interrupted,
  { change, told, again }: Pick<Concluding, 'change' | 'told' | 'again'>,
  tools: Tools,
): Promise<Interrupted> {
  const { environment } = change
  const left = change.before
    ? await abortUpdate(change, again, tools)
    : {
        why: 'Beanstalk goes on making it, which can not be aborted',
        hints: ['lucree status', 'lucree destroy   # gives it up', `${again.command}   # ${again.does}`],
      }
  const doing = change.before ? 'changed' : 'made'
  return new Interrupted(`${interrupted.message} while ${environment} was being ${doing}`, {
    ...left,
    document: { ...told },
    cause: interrupted,
  })
}

async function abortUpdate(change: Concluding['change'], again: Again, tools: Tools): Promise<Left> {
  const goesOn = ['lucree status', 'lucree events -f', `${again.command}   # ${again.does}`]
  try {
    // The command's own signal is aborted by now.
    return await withinTime(tools.clock, 2 * FAREWELL_MS, (signal) =>
      askToAbort(change, goesOn, { ...tools, signal }),
    )
  } catch (error) {
    if (!(error instanceof LucreeError)) throw error
    const why = error.why ?? error.message
    return { why: `Beanstalk goes on, it could not be asked to abort: ${why}`, hints: goesOn }
  }
}

async function askToAbort(change: Concluding['change'], goesOn: string[], tools: Tools): Promise<Left> {
  const { cloud, progress, signal } = tools
  const name = change.environment
  const [now] = await cloud.beanstalk.describeEnvironments(change, signal)
  if (!now) return { why: 'the environment is gone', hints: ['lucree status'] }
  if (EnvironmentStatus.of(now).isReady) return asItIs(now, 'Beanstalk had ended the change')
  if (!now.abortable) return { why: `Beanstalk goes on, ${name} is ${now.status}`, hints: goesOn }
  progress.emit({ kind: 'note', message: `Asking Beanstalk to abort the update of ${name}` })
  await cloud.beanstalk.abortUpdate(name, signal)
  return asItIs(await afterAbort(change, tools), 'Beanstalk was asked to abort the change')
}

/** The environment once the update is aborted, or as it is when that takes longer. */
async function afterAbort(change: Concluding['change'], tools: Tools): Promise<EnvironmentDescription> {
  let last: EnvironmentDescription | undefined
  try {
    return await untilReady(tools.cloud.beanstalk, change, waiting(tools, FAREWELL_MS), (seen) => {
      last = seen
    })
  } catch (error) {
    if (!last) throw error
    return last
  }
}

function asItIs({ name, status, versionLabel }: EnvironmentDescription, before: string): Left {
  const version = versionLabel === undefined ? 'no version' : `version ${versionLabel}`
  const state =
    status === 'Ready'
      ? `${name} is Ready and has ${version}`
      : `${name} is ${status} and will be Ready again`
  return { why: `${before}; ${state}`, hints: ['lucree status', 'lucree events -f'] }
}
