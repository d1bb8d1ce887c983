import { UsageError } from '../errors.ts'

/** Beanstalk's limits: applications 1 to 100 characters; environments 4 to 40 of letters, digits and hyphens, none at an edge. */
const APPLICATION_LONGEST = 100
const ENVIRONMENT_SHORTEST = 4
const ENVIRONMENT_LONGEST = 40
const environmentRule = /^[A-Za-z0-9](?:[A-Za-z0-9-]*[A-Za-z0-9])?$/

/** Makes an application name of a package's or a directory's: `@team/My App` → `My-App`. */
export function applicationNameFrom(name: string): string {
  const plain = name.replace(/^@[^/]*\//, '').replace(/[^A-Za-z0-9_.-]+/g, '-')
  return trimHyphens(plain.slice(0, APPLICATION_LONGEST)) || 'app'
}

/** Name of the Beanstalk environment of a short name: `<application>-<key>`, where a long application gives way. */
export function environmentNameFrom(application: string, key: string): string {
  const end = asEnvironmentName(key).slice(0, ENVIRONMENT_LONGEST)
  const start = trimHyphens(
    asEnvironmentName(application).slice(0, Math.max(0, ENVIRONMENT_LONGEST - end.length - 1)),
  )
  return trimHyphens(start ? `${start}-${end}` : end).padEnd(ENVIRONMENT_SHORTEST, '0')
}

/** Refuses a name that Beanstalk would refuse, with one that it would take. */
export function checkEnvironmentName(name: string): string {
  const fault = faultOf(name)
  if (!fault) return name
  const taken = trimHyphens(asEnvironmentName(name).slice(0, ENVIRONMENT_LONGEST)) || 'app'
  const suggestion = taken.length < ENVIRONMENT_SHORTEST ? `${taken}-production` : taken
  throw new UsageError(`Beanstalk refuses the environment name ${JSON.stringify(name)}: ${fault}`, {
    code: 'LUC-USAGE-ENVIRONMENT-NAME',
    why: 'a name has 4 to 40 characters: letters, digits and hyphens, and no hyphen at its beginning or end',
    hints: [`For example: --environment ${suggestion}`],
  })
}

function faultOf(name: string): string | undefined {
  if (name.length < ENVIRONMENT_SHORTEST) return `it has ${name.length} characters`
  if (name.length > ENVIRONMENT_LONGEST) return `it has ${name.length} characters`
  if (/^-|-$/.test(name)) return 'a hyphen stands at its edge'
  if (environmentRule.test(name)) return undefined
  const strange = [...new Set(name.match(/[^A-Za-z0-9-]/gu))].map((character) => JSON.stringify(character))
  return `it holds ${strange.join(', ')}`
}

function asEnvironmentName(name: string): string {
  return trimHyphens(
    name
      .normalize('NFKD')
      .replace(/\p{M}/gu, '')
      .replace(/[^A-Za-z0-9]+/g, '-'),
  )
}

function trimHyphens(name: string): string {
  return name.replace(/^-+|-+$/g, '')
}
