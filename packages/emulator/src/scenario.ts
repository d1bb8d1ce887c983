import { readFile } from 'node:fs/promises'
import * as z from 'zod'
import { checkPolicy } from './authorization/policy.ts'
import { EmulatorError } from './errors.ts'

/** What kind of AWS account a state directory holds: everything that differs from one account to the next, as plain data. */
export interface Scenario {
  /** As it was asked for: `new`, `free-plan`, or several joined by a comma. */
  name: string
  /** Whether every region still has its default VPC. */
  defaultVpc: boolean
  /** Only instance types that the free plan covers may be started (facts sheet §2.5). */
  freePlan: boolean
  /** False: creating one is refused, as in accounts since October 2024 (facts sheet §2.3). */
  launchConfigurations: boolean
  /** The quotas are reached: a thousand application versions are there. */
  full: boolean
  /** The newest platform version that this account knows is retired. */
  retiredPlatform: boolean
  /** The calling user's only policy, an IAM document; undefined = AdministratorAccess. */
  policy: unknown
  /** How long changes of roles and profiles take to be seen by other services, in milliseconds. */
  iamDelayMs: number
}

const NEW: Scenario = {
  name: 'new',
  defaultVpc: true,
  freePlan: false,
  launchConfigurations: false,
  full: false,
  retiredPlatform: false,
  policy: undefined,
  iamDelayMs: 0,
}

/** What a name changes in a new account; those that end with a colon take an argument. */
const CHANGES: Record<string, (argument: string) => Partial<Scenario> | Promise<Partial<Scenario>>> = {
  new: () => ({}),
  'free-plan': () => ({ freePlan: true }),
  'no-default-vpc': () => ({ defaultVpc: false }),
  'no-launch-configurations': () => ({ launchConfigurations: false }),
  full: () => ({ full: true }),
  'retired-platform': () => ({ retiredPlatform: true }),
  'narrow-permissions:': async (file) => ({ policy: await readPolicy(file) }),
  'iam-delay:': (milliseconds) => ({ iamDelayMs: readDelay(milliseconds) }),
}

/** The kinds of account as one writes them. */
export const accountKinds: readonly string[] = Object.keys(CHANGES).map((name) =>
  name.replace(/^narrow.*/, '$&<policy file>').replace(/^iam.*/, '$&<milliseconds>'),
)

/** Reads a scenario by its name, or by several joined with commas. Throws EmulatorError `InvalidOption` that names the known ones. */
export async function readScenario(text: string): Promise<Scenario> {
  let scenario: Scenario = { ...NEW, name: text }
  for (const part of text.split(',')) {
    const [, name = '', argument = ''] = /^\s*([^:]*:?)(.*?)\s*$/s.exec(part) ?? []
    const change = Object.hasOwn(CHANGES, name) ? CHANGES[name] : undefined
    if (!change || name.endsWith(':') !== (argument !== '')) {
      throw new EmulatorError(
        'InvalidOption',
        `There is no account "${part.trim()}". The kinds of account are: ${accountKinds.join(', ')}.`,
      )
    }
    scenario = { ...scenario, ...(await change(argument)) }
  }
  return scenario
}

async function readPolicy(file: string): Promise<unknown> {
  try {
    const document: unknown = JSON.parse(await readFile(file, 'utf8'))
    checkPolicy(document)
    return document
  } catch (cause) {
    const why = (cause as Error).message
    throw new EmulatorError('InvalidOption', `The policy file ${file} can't be used: ${why}`, { cause })
  }
}

function readDelay(text: string): number {
  const milliseconds = Number(text)
  if (/^\d{1,7}$/.test(text)) return milliseconds
  throw new EmulatorError('InvalidOption', `iam-delay takes whole milliseconds, not "${text}".`)
}

const Stored = z.strictObject({
  name: z.string().min(1),
  defaultVpc: z.boolean(),
  freePlan: z.boolean(),
  launchConfigurations: z.boolean(),
  full: z.boolean(),
  retiredPlatform: z.boolean(),
  policy: z.unknown().optional(),
  iamDelayMs: z.number().int().nonnegative(),
})

/** A scenario as a state directory keeps it. One that was made before there were scenarios is a new account. */
export const storedScenario = Stored.default(NEW).transform((stored): Scenario => ({
  ...stored,
  policy: stored.policy,
}))
