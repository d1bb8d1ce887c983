import { readFileSync } from 'node:fs'
import { basename, join, resolve } from 'node:path'
import { UsageError } from '../errors.ts'
import { nearest } from '../document/nearest.ts'
import { applicationNameFrom, checkEnvironmentName, environmentNameFrom } from './names.ts'
import type { Project } from './project-file.ts'
import type { EnvironmentSettings } from './project-schema.ts'
import { switchSetting, textSetting, type Variables } from './settings.ts'
import type { DeployTarget, NetworkChoice } from './target.ts'

/** The short name of an environment when nobody names one. */
const DEFAULT_ENVIRONMENT = 'production'
/** Region of the embedded Beanstalk; it has no others. */
const LOCAL_REGION = 'us-east-1'
/** Behind a load balancer: one serves while the other is changed. */
const FEWEST_INSTANCES = 2
const MOST_INSTANCES = 4

export interface TargetFlags {
  environment?: string | undefined
  region?: string | undefined
  local?: boolean | undefined
}

export interface TargetRequest {
  project: Project
  flags: TargetFlags
  /** Takes the first of several environments when none is named. */
  anyEnvironment?: boolean
  /** Takes a named environment that the file doesn't list: a command that makes none can't make one by mistake. */
  allowsUnlisted?: boolean
  /** The process environment. */
  variables: Variables
  /** Region that the AWS configuration's profile names, when the caller has looked it up. */
  profileRegion?: string | undefined
}

/** Settles what was asked: flag, then `LUCREE_<FLAG>`, then `lucree.json`, then default. */
export function resolveTarget({
  project,
  flags,
  anyEnvironment,
  allowsUnlisted,
  variables,
  profileRegion,
}: TargetRequest): DeployTarget {
  const { dir, settings } = project
  const source = sourceOf(project)
  const application = settings.application ?? applicationNameFrom(packageName(source) ?? basename(source))
  const asked = textSetting('environment', { flag: flags.environment, variables })
  const { name, key, unlisted, chosen } = chooseEnvironment(application, settings.environments ?? {}, {
    asked,
    anyEnvironment,
    allowsUnlisted,
  })
  const local = switchSetting('local', { flag: flags.local, variables })
  const type = chosen.type ?? 'single'
  const { maxInstances = MOST_INSTANCES } = chosen
  const minInstances =
    type === 'single' ? 1 : (chosen.minInstances ?? Math.min(FEWEST_INSTANCES, maxInstances))
  const region = chooseRegion({
    ...{ local, flags, variables, profileRegion },
    file: chosen.region ?? settings.region,
  })
  if (!local) checkCertificateRegion(chosen.certificate, region)
  return {
    application,
    environment: checkEnvironmentName(name),
    key,
    ...(unlisted ? { listed: unlisted } : {}),
    region,
    local,
    projectDir: dir,
    source,
    include: settings.include ?? [],
    build: settings.build,
    variables: Object.fromEntries(
      Object.entries(settings.env ?? {}).map(([variable, { secret = false, required = false }]) => [
        variable,
        { secret, required },
      ]),
    ),
    type,
    instanceType: chosen.instanceType,
    minInstances,
    minInstancesByDefault: type !== 'single' && chosen.minInstances === undefined,
    maxInstances: type === 'single' ? 1 : Math.max(maxInstances, minInstances),
    healthCheck: chosen.healthCheck ?? '/',
    network: networkOf(chosen),
    certificate: chosen.certificate,
    instanceProfile: chosen.instanceProfile,
    serviceRole: chosen.serviceRole,
    managedUpdates: chosen.managedUpdates,
  }
}

/** Directory that is bundled; absolute. */
export function sourceOf({ dir, settings }: Pick<Project, 'dir' | 'settings'>): string {
  return resolve(dir, settings.source ?? '.')
}

function networkOf({ vpc, subnets, elbSubnets }: EnvironmentSettings): NetworkChoice | undefined {
  return vpc && subnets ? { vpc, subnets, balancerSubnets: elbSubnets ?? subnets } : undefined
}

/**
 * Which environment is meant. `asked` is a key of the file or the full name of one of its environments; when the file lists none it is
 * the full name of any. With a list, an unlisted name is refused: mistyped, it would create an environment that costs money.
 */
function chooseEnvironment(
  application: string,
  listed: Record<string, EnvironmentSettings>,
  {
    asked,
    anyEnvironment = false,
    allowsUnlisted = false,
  }: { asked: string | undefined } & Pick<TargetRequest, 'anyEnvironment' | 'allowsUnlisted'>,
): { name: string; key?: string; unlisted?: string[]; chosen: EnvironmentSettings } {
  const known = Object.entries(listed).map(([key, chosen]) => ({
    key,
    chosen,
    name: nameOf(application, key, chosen),
  }))
  if (asked !== undefined) {
    const found = known.find(({ key }) => key === asked) ?? known.find(({ name }) => name === asked)
    if (found) return found
    if (known.length === 0) return { name: asked, chosen: {} }
    if (!allowsUnlisted) throw notListed(asked, application, Object.keys(listed))
    return { name: asked, unlisted: Object.keys(listed), chosen: {} }
  }
  const [only, ...others] = known
  if (!only) return { name: environmentNameFrom(application, DEFAULT_ENVIRONMENT), chosen: {} }
  if (others.length === 0 || anyEnvironment) return only
  throw new UsageError(`lucree.json lists several environments: ${Object.keys(listed).join(', ')}`, {
    code: 'LUC-USAGE-WHICH-ENVIRONMENT',
    hints: known.map(({ key }) => `--environment ${key}`),
  })
}

function nameOf(application: string, key: string, { name }: EnvironmentSettings): string {
  return name ?? environmentNameFrom(application, key)
}

/** Names of the environments that the project file lists. */
export function environmentNamesOf({ settings }: Project, application: string): string[] {
  return Object.entries(settings.environments ?? {}).map(([key, chosen]) => nameOf(application, key, chosen))
}

/** Also where the name is one that could be, and there is no such environment: then it was mistyped, or is missing in the file. */
export function notListed(asked: string, application: string, keys: readonly string[]): UsageError {
  const key = asked.startsWith(`${application}-`) ? asked.slice(application.length + 1) || asked : asked
  const meant = nearest(asked, keys)
  return new UsageError(`lucree.json lists no environment ${JSON.stringify(asked)}`, {
    code: 'LUC-USAGE-UNKNOWN-ENVIRONMENT',
    why: `it lists ${keys.join(', ')}`,
    hints: [
      ...(meant ? [`--environment ${meant}`] : []),
      `Add ${JSON.stringify(key)}: {} below "environments" in lucree.json; then --environment ${key} names it.`,
    ],
  })
}

function chooseRegion(sources: {
  local: boolean
  flags: TargetFlags
  variables: Variables
  file: string | undefined
  profileRegion: string | undefined
}): string {
  const { local, flags, variables, file, profileRegion } = sources
  if (local) return LOCAL_REGION
  const region =
    textSetting('region', { flag: flags.region, variables, file }) ||
    variables['AWS_REGION'] ||
    variables['AWS_DEFAULT_REGION'] ||
    profileRegion
  if (region) return region
  throw new UsageError('No AWS region is set', {
    code: 'LUC-USAGE-NO-REGION',
    hints: [
      '--region eu-central-1   # for example',
      'Set AWS_REGION, or "region" in lucree.json.',
      '--local',
    ],
  })
}

/** A load balancer takes certificates of its own region alone; the one that CloudFront has is often elsewhere. */
function checkCertificateRegion(certificate: string | undefined, region: string): void {
  const [, , service, place] = certificate?.split(':') ?? []
  if (service !== 'acm' || place === region) return
  throw new UsageError(`The certificate is in ${place}, and the environment in ${region}`, {
    code: 'LUC-USAGE-CERTIFICATE-REGION',
    why: 'a load balancer takes certificates of its own region alone',
    hints: [`aws acm request-certificate --domain-name DOMAIN --validation-method DNS --region ${region}`],
  })
}

/** The name in a directory's package.json; undefined when there is none or it can't be read as one: another name will do. */
function packageName(directory: string): string | undefined {
  let text: string
  try {
    text = readFileSync(join(directory, 'package.json'), 'utf8')
  } catch {
    return undefined
  }
  return /"name"\s*:\s*"([^"\\]+)"/.exec(text)?.[1]
}
