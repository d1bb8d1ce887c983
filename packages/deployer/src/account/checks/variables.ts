import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { propertiesOf } from '../../beanstalk/option-settings.ts'
import type { Check, CheckResult } from './check.ts'
import type { ExaminedContext } from './examined.ts'

const name = 'variables'
const EXAMPLE = '.env.example'

/** Whether the environment has what the project file requires and what `.env.example` names: an application that misses one ends at its start. */
export const variablesCheck: Check<ExaminedContext> = {
  name,
  run: async ({ cloud, target, given = new Set() }, signal) => {
    const [environment] = await cloud.beanstalk.describeEnvironments(target, signal)
    const settings = environment
      ? await cloud.beanstalk.describeSettings(target.application, target.environment, signal)
      : []
    const set = new Set(propertiesOf(settings).keys())
    const required = Object.entries(target.variables).flatMap(([variable, { required }]) =>
      required ? [variable] : [],
    )
    const missing = required.filter((variable) => !set.has(variable) && !given.has(variable))
    const results: CheckResult[] =
      missing.length > 0 ? [missingResult(missing, environment !== undefined)] : []
    const named = exampleNames(join(target.source, EXAMPLE)).filter(
      (variable) => !set.has(variable) && !(variable in target.variables),
    )
    if (named.length > 0) results.push(exampleResult(named))
    if (results.length > 0) return results
    return [
      {
        ...{ name, state: 'ok', mend: [] },
        found:
          required.length === 0
            ? 'none is required'
            : `${required.join(', ')}: ${required.every((variable) => set.has(variable)) ? 'set' : 'taken from this shell by a deploy'}`,
      },
    ]
  },
}

function missingResult(missing: string[], isThere: boolean): CheckResult {
  return {
    ...{ name, state: 'warning', code: 'LUC-ENV-REQUIRED' },
    found: `${missing.join(', ')} must be set, and ${missing.length === 1 ? 'has' : 'have'} no value yet`,
    why: 'a deploy asks for it on a terminal, and stops before it touches anything elsewhere',
    mend: isThere
      ? missing.map((variable) => `lucree env set ${variable}`)
      : [`lucree deploy ${missing.map((variable) => `--generate ${variable}`).join(' ')}`],
  }
}

function exampleResult(named: string[]): CheckResult {
  return {
    ...{ name, state: 'warning', code: 'LUC-ENV-EXAMPLE' },
    found: `${EXAMPLE} names ${named.join(', ')}, which the environment doesn't have`,
    why: 'an application that misses a variable often ends as soon as it starts',
    mend: [
      `lucree env set ${named[0]}`,
      `Require it in lucree.json: "env": { "${named[0]}": { "required": true } }`,
    ],
  }
}

function exampleNames(file: string): string[] {
  if (!existsSync(file)) return []
  return readFileSync(file, 'utf8')
    .split('\n')
    .flatMap((line) => /^\s*(?:export\s+)?([A-Za-z_]\w*)\s*=/.exec(line)?.[1] ?? [])
}
