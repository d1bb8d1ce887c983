import * as Flags from '@oclif/core/flags'
import { UsageError } from '../errors.ts'
import { parseDuration } from './duration.ts'

/** Without `--timeout`, ms. A default of oclif's would be shown in the help in milliseconds. */
export const DEFAULT_TIMEOUT_MS = 20 * 60_000

/** Without `--steady`, ms. */
export const DEFAULT_STEADY_MS = 5_000

/** A flag whose value is a duration, given to the command in milliseconds. */
export const duration = Flags.custom<number>({
  helpValue: '<duration>',
  parse: async (text, _context, { name }) => parseDuration(text) ?? notADuration(name, text, '10m'),
})

function notADuration(flag: string, text: string, example: string): never {
  throw new UsageError(`--${flag} can't be "${text}"`, {
    code: 'LUC-USAGE-DURATION',
    why: 'a duration is a number with its unit, such as 90s, 10m or 1h',
    hints: [`--${flag} ${example}`],
  })
}

/** Flags of every command: how the output looks. */
export const outputFlags = {
  json: Flags.boolean({
    description: 'One JSON document on standard output, on failure too',
    env: 'LUCREE_JSON',
    helpGroup: 'GLOBAL',
  }),
  quiet: Flags.boolean({
    description: 'No progress, only warnings, errors and the result',
    env: 'LUCREE_QUIET',
    helpGroup: 'GLOBAL',
  }),
  'no-color': Flags.boolean({
    description: 'No colours; NO_COLOR does the same',
    env: 'LUCREE_NO_COLOR',
    helpGroup: 'GLOBAL',
  }),
}

/** The answer to every confirmation, for the commands that ask one. */
export const yesFlag = Flags.boolean({
  char: 'y',
  description: 'Answer yes to what the command would ask',
  env: 'LUCREE_YES',
})

/** How long a command that changes an environment waits for its lock, ms; without it not at all. */
export const lockWaitFlag = duration({
  description:
    "Wait so long for the environment's lock when another command holds it; one locked by hand is not waited for",
  env: 'LUCREE_LOCK_WAIT',
  default: async () => 0,
  noCacheDefault: true,
})

/** How long the proof of a change must hold, ms; of every command that changes an environment. */
export const steadyFlag = Flags.custom<number>({
  description:
    'How long a version must have run and answered since its deployment to count as deployed, because a server may end just after it began to listen; 0s takes the first good answer (default 5s)',
  env: 'LUCREE_STEADY',
  helpValue: '<duration>',
  parse: async (text, _context, { name }) =>
    /^0+s$/.test(text) ? 0 : (parseDuration(text) ?? notADuration(name, text, '5s')),
})()

/** Of a command that has progress to tell: see {@link outputModeOf}. */
export const followFlag = Flags.boolean({
  description: 'With --json, a line of JSON for each event of progress; the result is the last line',
  dependsOn: ['json'],
})

/** What the embedded Beanstalk runs applications with. */
export const runtimeFlag = Flags.option({
  description:
    'What runs the applications of the embedded Beanstalk: a container engine, or processes of this machine',
  env: 'LUCREE_RUNTIME',
  options: ['auto', 'docker', 'process'] as const,
})()

/** Flags of every command that talks to a cloud; the same everywhere. */
export const cloudFlags = {
  local: Flags.boolean({
    description: 'The embedded Beanstalk of this machine instead of AWS',
    env: 'LUCREE_LOCAL',
    helpGroup: 'CLOUD',
  }),
  runtime: { ...runtimeFlag, helpGroup: 'CLOUD' },
  environment: Flags.string({
    char: 'e',
    description:
      'Which environment: a key of "environments" in lucree.json, or the full name of one of them; left out, the only one there. Where the file lists none: any name; left out, <application>-production. abort, console, destroy, env get, env list, events, health, logs, open, releases, status, unlock and unstick also take the full name of one that the file does not list',
    env: 'LUCREE_ENVIRONMENT',
    helpGroup: 'CLOUD',
    helpValue: '<name>',
  }),
  region: Flags.string({
    description: "AWS region; the AWS SDK's own default without it",
    env: 'LUCREE_REGION',
    helpGroup: 'CLOUD',
    helpValue: '<region>',
  }),
  profile: Flags.string({
    description: 'Profile of the AWS configuration files',
    env: 'LUCREE_PROFILE',
    helpGroup: 'CLOUD',
    helpValue: '<name>',
  }),
  timeout: duration({
    description: 'Longest time to wait: 90s, 10m, 1h (default 20m)',
    env: 'LUCREE_TIMEOUT',
    helpGroup: 'CLOUD',
  }),
  yes: { ...yesFlag, helpGroup: 'CLOUD' },
}

/** What the cloud flags say, parsed; `timeout` in milliseconds. */
export interface CloudFlags {
  local: boolean
  runtime?: 'auto' | 'docker' | 'process' | undefined
  environment?: string | undefined
  region?: string | undefined
  profile?: string | undefined
  timeout?: number | undefined
  /** Of a command that changes an environment. */
  steady?: number | undefined
  yes: boolean
}
