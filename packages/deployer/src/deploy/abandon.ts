import { EnvironmentStatus } from '../beanstalk/environment-status.ts'
import { untilReady } from '../beanstalk/environment.ts'
import { changedSettings, type OptionKey, optionId } from '../beanstalk/option-settings.ts'
import type { EnvironmentDescription } from '../beanstalk/ports.ts'
import { withinTime } from '../beanstalk/time-limit.ts'
import { Interrupted, LucreeError } from '../errors.ts'
import type { Concluding } from './conclude.ts'
import { type Tools, waiting } from './tools.ts'

/** How long somebody who pressed Ctrl-C is kept while Beanstalk is asked to abort, and then looked at, ms. Pressed again, it ends at once. */
export const FAREWELL_MS = 10_000

/** A change that nobody waits for any more, and the options that it sets and removes. */
type Abandoned = Pick<Concluding, 'change' | 'told' | 'again' | 'sent' | 'removed'>

/** What is left of a change that nobody waits for any more. */
interface Left {
  why: string
  hints: string[]
}

/**
 * After Ctrl-C: asks Beanstalk to abort the update if it can be aborted, and answers with what state is left. An environment that is just being made
 * can't be (facts sheet §3.2). Never throws: what can't be found out is said.
 */
export async function abandon(interrupted: Interrupted, of: Abandoned, tools: Tools): Promise<Interrupted> {
  const { change, told, again } = of
  const { environment } = change
  const left = change.before
    ? await abortUpdate(of, tools)
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

async function abortUpdate(of: Abandoned, tools: Tools): Promise<Left> {
  const goesOn = lookingOn(of)
  try {
    // The command's own signal is aborted by now.
    return await withinTime(tools.clock, 2 * FAREWELL_MS, (signal) =>
      askToAbort(of, goesOn, { ...tools, signal }),
    )
  } catch (error) {
    if (!(error instanceof LucreeError)) throw error
    const why = error.why ?? error.message
    return { why: `Beanstalk goes on, it could not be asked to abort: ${why}`, hints: goesOn }
  }
}

/** How to look at a change that goes on, and what carries on with it. */
export const lookingOn = ({ again }: Pick<Concluding, 'again'>): string[] => [
  'lucree status',
  'lucree events -f',
  `${again.command}   # ${again.does}`,
]

async function askToAbort(of: Abandoned, goesOn: string[], tools: Tools): Promise<Left> {
  const { cloud, progress, signal } = tools
  const { change } = of
  const name = change.environment
  const [now] = await cloud.beanstalk.describeEnvironments(change, signal)
  if (!now) return { why: 'the environment is gone', hints: ['lucree status'] }
  if (EnvironmentStatus.of(now).isReady) return asItIs(now, 'Beanstalk had ended the change', of, tools)
  if (!now.abortable) return { why: `Beanstalk goes on, ${name} is ${now.status}`, hints: goesOn }
  progress.emit({ kind: 'note', message: `Asking Beanstalk to abort the update of ${name}` })
  await cloud.beanstalk.abortUpdate(name, signal)
  return asItIs(await afterAbort(change, tools), 'Beanstalk was asked to abort the change', of, tools)
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

async function asItIs(
  environment: EnvironmentDescription,
  before: string,
  of: Abandoned,
  tools: Tools,
): Promise<Left> {
  const { name, status } = environment
  const hints = lookingOn(of)
  if (status !== 'Ready') return { why: `${before}; ${name} is ${status} and will be Ready again`, hints }
  const options = await optionsLeft(of, environment, tools)
  return { why: `${before}; ${readyWith(environment)}${options}`, hints }
}

/** That it is Ready, with which version. */
export function readyWith({ name, versionLabel }: EnvironmentDescription): string {
  return `${name} is Ready and has ${versionLabel === undefined ? 'no version' : `version ${versionLabel}`}`
}

/** Which of the options that the change set and removed are as it wanted them, by name. */
async function optionsLeft(
  { sent, removed }: Abandoned,
  { application, name }: EnvironmentDescription,
  tools: Tools,
): Promise<string> {
  if (sent.length + removed.length === 0) return ''
  const now = await tools.cloud.beanstalk.describeSettings(application, name, tools.signal)
  const present = new Set(now.map(optionId))
  const done = [
    ...sent.filter((option) => changedSettings(now, [option]).length === 0),
    ...removed.filter((key) => !present.has(optionId(key))),
  ]
  const undone = [...sent, ...removed].filter((one) => !done.includes(one))
  const said = (options: OptionKey[], how: string) =>
    options.length === 0 ? '' : `; ${options.map((one) => one.name).join(', ')}: ${how}`
  return said(done, 'changed as asked for') + said(undone, 'as before')
}
